import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { deployLocally, type LocalDeployment, VAULT } from '../../infra/run/deployment';
import { ruled } from '../functions/envelope/pieces';

// node way-out.js <folder> <python>: has the built encrypt function seal files in a local cloud, takes the envelopes out
// by an ordinary GET, and opens them by functions/envelope/reader.py: the lines of infra/operating.md as they stand there,
// then spoilt ones. Prints what it counted.

const READER = resolve('functions/envelope/reader.py');
const SIZES = [0, 1, 16_383, 16_384, 16_385, 5 * 1_048_576];
const run = promisify(execFile);

type Outside = { folder: string; python: string; local: LocalDeployment };
type Sealed = { key: string; content: Buffer; envelope: Buffer };

function environment({ cloud, owner }: LocalDeployment): NodeJS.ProcessEnv {
  return {
    ENVELOPE_KMS_ENDPOINT: cloud.kms.endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: owner.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: owner.credentials.accessKeySecret,
  };
}

async function sealed({ inbox, vault, cloud }: LocalDeployment, size: number): Promise<Sealed> {
  const [key, content] = [`大小/it's "${size}"  bytes.bin`, ruled(size)];
  await inbox.put(key, content, { headers: { 'x-oss-meta-who': 'me', 'Content-Type': 'text/plain' } });
  await cloud.idle();
  const { stream } = await vault.getStream(key, {});
  return { key, content, envelope: Buffer.concat(await stream.toArray()) };
}

/** What a person would type, with the values of this deployment. */
async function linesToType({ stack }: LocalDeployment): Promise<string> {
  const page = await readFile('infra/operating.md', 'utf8');
  const [, lines = ''] = /## The way out\n[\s\S]*?```\n([\s\S]*?)```/.exec(page) ?? [];
  const typed = lines
    .replace(/^export .*\n/, '')
    .replace(/^vault=.*$/m, `vault=${VAULT}`)
    .replace(/^keys=.*$/m, `keys="acs:kms:elsewhere:1:key/none ${stack.outputs.KeyArns}"`);
  if (!/ossutil cp -r[\s\S]*reader\.py/.test(typed))
    throw new Error('Cannot find the lines in infra/operating.md');
  return typed;
}

/** ossutil is not to be had here: what it would bring lies there already. */
async function takeOut({ folder, python, local }: Outside, files: Sealed[]): Promise<void> {
  const [work, programs] = [join(folder, 'all'), join(folder, 'programs')];
  await mkdir(programs, { recursive: true });
  await writeFile(join(programs, 'ossutil'), '#!/bin/sh\n', { mode: 0o755 });
  for (const { key, envelope } of files) {
    await mkdir(dirname(join(work, 'sealed', key)), { recursive: true });
    await writeFile(join(work, 'sealed', key), envelope);
  }
  await writeFile(join(work, 'sealed', 'bad'), 'no envelope');
  await copyFile(READER, join(work, 'reader.py'));
  const env = { ...environment(local), PATH: `${dirname(python)}:${programs}:${process.env.PATH}` };
  await run('bash', ['-eu', '-o', 'pipefail', '-c', await linesToType(local)], { cwd: work, env });
  for (const file of files) await checkOut(work, file);
  const failed = await readFile(join(work, 'failed'), 'utf8');
  if (failed !== 'bad\n') throw new Error(`Cannot trust the list of what failed: ${failed}`);
}

async function checkOut(work: string, { key, content }: Sealed): Promise<void> {
  if (!content.equals(await readFile(join(work, 'opened', key)))) throw new Error(`Cannot get ${key} out`);
  const { facts, metadata } = JSON.parse(await readFile(join(work, 'about', key), 'utf8'));
  const who = JSON.stringify(metadata.userMetadata);
  if (facts.inbox.size !== content.length || who !== '[["who","me"]]')
    throw new Error(`Cannot trust what is said about ${key}`);
}

type Attempt = { envelope: Buffer; place: string; keyArn: string };

function flipped(envelope: Buffer, at: number): Buffer {
  const copy = Buffer.from(envelope);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Each of them by one difference from what opens. */
function spoilt(attempt: Attempt): [why: string, attempt: Attempt][] {
  const { envelope, place } = attempt;
  const header = { preamble: 13, facts: envelope.indexOf('"eTag":"') + 9, padding: 4000 };
  const metadata = envelope.indexOf('\nmetadata ') + 30;
  const region = envelope.indexOf('"region":"') + 12;
  const body = {
    salt: 4096,
    commitment: 4096 + 30,
    'first chunk': 4096 + 60,
    'last byte': envelope.length - 1,
  };
  const flips = Object.entries({ ...header, metadata, region, ...body }).map(
    ([where, at]): [string, Attempt] => [
      `a flipped bit in the ${where}`,
      { ...attempt, envelope: flipped(envelope, at) },
    ],
  );
  const cuts = [23, 4095, 4096, envelope.length - 16_400, envelope.length - 1].map(
    (at): [string, Attempt] => [`cut to ${at} bytes`, { ...attempt, envelope: envelope.subarray(0, at) }],
  );
  return [
    ...flips,
    ...cuts,
    ['a byte longer', { ...attempt, envelope: Buffer.concat([envelope, Buffer.alloc(1)]) }],
    ['another place', { ...attempt, place: `${place}.renamed` }],
    ['a key that is not trusted', { ...attempt, keyArn: `${attempt.keyArn}0` }],
  ];
}

/** Each in a folder of its own, where nothing may be left. */
async function refuse({ folder, python, local }: Outside, [why, attempt]: [string, Attempt]): Promise<void> {
  const own = join(folder, why);
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'envelope'), attempt.envelope);
  const argv = ['-B', READER, 'envelope', attempt.place, 'opened', attempt.keyArn];
  const ended = await run(python, argv, { cwd: own, env: environment(local) }).catch(({ code }) => code);
  const left = (await readdir(own)).join();
  if (ended !== 1 || left !== 'envelope') throw new Error(`Cannot let this open: ${why}: ${left}`);
}

async function main([folder = '', python = '']: string[]): Promise<void> {
  const local = await deployLocally({
    data: join(folder, 'data'),
    sYaml: resolve('s.yaml'),
    template: resolve('infra/template.yaml'),
    runtime: resolve('dist/local/runtime.js'),
  });
  const outside = { folder, python: resolve(python), local };
  try {
    const files: Sealed[] = [];
    for (const size of SIZES) files.push(await sealed(local, size));
    await takeOut(outside, files);
    const { key, envelope } = await sealed(local, 40_000);
    const place = `oss://${VAULT}/${key}`;
    const attempts = spoilt({ envelope, place, keyArn: local.stack.outputs.KeyArns ?? '' });
    for (const attempt of attempts) await refuse(outside, attempt);
    console.log(`${files.length} envelopes open, ${attempts.length} spoilt ones are refused`);
  } finally {
    await local.close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
