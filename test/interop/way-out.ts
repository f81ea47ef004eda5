import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { deployLocally, type LocalDeployment, VAULT } from '../../cli/local/deployment';
import { ruled } from '../functions/envelope/pieces';

// node way-out.js <folder> <python>: has the built encrypt function seal files in a local cloud, takes the envelopes out
// by an ordinary GET, and opens them with functions/envelope/reader.py alone. Prints what it counted.

const READER = resolve('functions/envelope/reader.py');
const SIZES = [0, 1, 16_383, 16_384, 16_385, 5 * 1_048_576];
const run = promisify(execFile);

type Attempt = { envelope: Buffer; place: string; keyArn?: string };
type Reader = (attempt: Attempt) => Promise<{ opened?: Buffer; said: string; left: string[] }>;

/** Opens in a folder of its own each time, to see what is left there. */
function readerIn(folder: string, python: string, { cloud, owner, stack }: LocalDeployment): Reader {
  let count = 0;
  return async ({ envelope, place, keyArn = stack.outputs.KeyArns ?? '' }) => {
    const own = join(folder, String(count++));
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'envelope'), envelope);
    const env = {
      PATH: process.env.PATH ?? '',
      KMS_ENDPOINT: cloud.kms.endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: owner.credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: owner.credentials.accessKeySecret,
    };
    const asked = run(python, ['-B', READER, 'envelope', place, 'opened', keyArn], { cwd: own, env });
    const { stdout, stderr } = await asked.catch((error: { stdout: string; stderr: string }) => error);
    const opened = await readFile(join(own, 'opened')).catch(() => undefined);
    return { ...(opened && { opened }), said: stdout || stderr, left: await readdir(own) };
  };
}

async function sealed(local: LocalDeployment, size: number): Promise<Attempt & { content: Buffer }> {
  const [key, content] = [`大小/${size} bytes.bin`, ruled(size)];
  await local.inbox.put(key, content, { headers: { 'x-oss-meta-who': 'me', 'Content-Type': 'text/plain' } });
  await local.cloud.idle();
  const { stream } = await local.vault.getStream(key, {});
  return { content, place: `oss://${VAULT}/${key}`, envelope: Buffer.concat(await stream.toArray()) };
}

function flipped(envelope: Buffer, at: number): Buffer {
  const copy = Buffer.from(envelope);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** Each of them by one difference from what opens. */
function spoilt(attempt: Attempt): [why: string, attempt: Attempt][] {
  const { envelope, place } = attempt;
  const places = { preamble: 13, facts: envelope.indexOf('"eTag":"') + 9, padding: 4000 };
  const metadata = envelope.indexOf('\nmetadata ') + 30;
  const body = {
    metadata,
    salt: 4096,
    commitment: 4096 + 30,
    'first chunk': 4096 + 60,
    'last byte': envelope.length - 1,
  };
  const flips = Object.entries({ ...places, ...body }).map(([where, at]): [string, Attempt] => [
    `a flipped bit in the ${where}`,
    { ...attempt, envelope: flipped(envelope, at) },
  ]);
  const cuts = [23, 4095, 4096, envelope.length - 16_400, envelope.length - 1].map(
    (at): [string, Attempt] => [`cut to ${at} bytes`, { ...attempt, envelope: envelope.subarray(0, at) }],
  );
  return [
    ...flips,
    ...cuts,
    ['a byte longer', { ...attempt, envelope: Buffer.concat([envelope, Buffer.alloc(1)]) }],
    ['another place', { ...attempt, place: `${place}.renamed` }],
    ['a key that is not trusted', { ...attempt, keyArn: 'acs:kms:cn-hangzhou:1234567890123456:key/other' }],
  ];
}

async function main([folder = '', python = '']: string[]): Promise<void> {
  const local = await deployLocally({
    data: join(folder, 'data'),
    sYaml: resolve('s.yaml'),
    template: resolve('infra/template.yaml'),
    runtime: resolve('dist/local/runtime.js'),
  });
  try {
    const open = readerIn(join(folder, 'opened'), python, local);
    for (const size of SIZES) {
      const { content, ...attempt } = await sealed(local, size);
      const { opened, said } = await open(attempt);
      if (!opened?.equals(content)) throw new Error(`Cannot get ${size} bytes out: ${said}`);
      const { facts, metadata } = JSON.parse(said);
      if (facts.inbox.size !== size) throw new Error(`Cannot trust the facts of ${size} bytes: ${said}`);
      if (!JSON.stringify(metadata).includes('["who","me"]'))
        throw new Error(`Cannot find metadata in ${said}`);
    }
    const spoiled = spoilt(await sealed(local, 40_000));
    for (const [why, wrong] of spoiled) {
      const { opened, said, left } = await open(wrong);
      if (opened || left.join() !== 'envelope')
        throw new Error(`Cannot let this open: ${why}: ${left} ${said}`);
    }
    console.log(`${SIZES.length} envelopes open, ${spoiled.length} spoilt ones are refused`);
  } finally {
    await local.close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
