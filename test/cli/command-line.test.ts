import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command } from '@commander-js/extra-typings';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../cli/commands';
import { lockData } from '../../infra/local/data/lock';
import { vectors } from '../vectors/envelope-1.json';
import { ossEnvelope } from './command';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-command-line-'));
  await writeFile(join(folder, 'empty.env'), '');
});

const argvBefore = process.argv;
const exitCodeBefore = process.exitCode;
afterEach(() => {
  process.argv = argvBefore;
  process.exitCode = exitCodeBefore;
});

/** What it says to arguments that it does not take; no command begins. */
async function refusal(argv: string[]): Promise<string> {
  process.argv = ['node', 'oss-envelope', ...argv];
  const program = commandLine();
  const silent = (command: Command) => {
    command.configureOutput({ writeErr() {}, writeOut() {} });
    for (const below of command.commands) silent(below as Command);
  };
  silent(program);
  return program.parseAsync().then(
    () => 'taken',
    (error: Error) => error.message.replaceAll('\n', ' '),
  );
}

const EMPTY = "argument '' is invalid. It is empty.";
const AN_OPTION = 'is invalid. It is an option; a value that begins so is given as';
const BEFORE = 'is invalid. It was given before.';

test.each<[string, string]>([
  ['--version get oss://v-1/k', "unknown option '--version'"],
  ['put a oss://i-1/k --version', "unknown option '--version'"],
  ['get oss://v-1/k --version', "option '--version <id>' argument missing"],
  ['get oss://v-1/k --version --direct', AN_OPTION],
  ['get oss://v-1/k other', 'too many arguments'],
  ['doctor --json=false', "unknown option '--json=false'"],
  ['doctor --color', "unknown option '--color'"],
  ['doctor --no-color=x', "unknown option '--no-color=x'"],
  ['--env', 'argument missing'],
  ['--env= put a oss://i-1/k', EMPTY],
  ['put a oss://i-1/k --env=', EMPTY],
  ['--data --local doctor', AN_OPTION],
  ['doctor --region -h', AN_OPTION],
  ['seal a -o --force', AN_OPTION],
  ['--env a doctor --env b', BEFORE],
  ['get oss://v-1/k --version a --version b', BEFORE],
  ['verify a --parallel 2 --parallel 3', BEFORE],
  ['verify a --parallel -1', 'whole number from 1 to 64'],
  ['verify a --parallel 2.5', 'whole number from 1 to 64'],
  ['doctor --sample 0x5', 'whole number from 1 to 1000'],
  ['put a oss://i-1/k --wait 5m', 'whole number from 1 to 86400'],
  ['reconcile --inbox --deep', "'--inbox' cannot be used with option '--deep'"],
  ['open a --format kms --place oss://v-1/k', "cannot be used with option '--place <url>'"],
  ['get oss://v-1/k --parallel 3', 'Cannot use --parallel: without --direct it means nothing'],
  ['ls --parallel 3', 'Cannot use --parallel: without --exact it means nothing'],
  ['put a oss://i-1/k --key k', 'Cannot use --key: without --direct it means nothing'],
  ['verify a --versions', 'Cannot use --versions: without --prefix it means nothing'],
  ['open a --accept-unauthenticated', 'Cannot use --accept-unauthenticated: without --format'],
  ['--data x rewrap oss://v-1/ --to k', 'Cannot use --data: without --local it means nothing'],
  ['dead-letters list --data x', 'Cannot use --data: without --local it means nothing'],
  ['--local doctor --profile x', 'Cannot use --profile with --local'],
  ['dead-letters list --profile x --local', 'Cannot use --profile with --local'],
  ['inspect a --env prod.evn', 'Cannot read prod.evn: there is no such file'],
  ['--env prod.evn dead-letters drop a --yes', 'Cannot read prod.evn: there is no such file'],
  ['dead-letters --env prod.evn drop a --yes', 'Cannot read prod.evn: there is no such file'],
  ['help nope', 'outputHelp'],
  ['dead-letters', 'outputHelp'],
])('%s: %s', async (line, why) => {
  expect(await refusal(line.split(' '))).toContain(why);
});

const run = (line: string, cwd = folder) => ossEnvelope(line.split(' '), { cwd });

test('an option means the same before its command and behind it, and after -- nothing is one', async () => {
  const [before, behind, version, none] = await Promise.all([
    run('--json --env empty.env inspect nope'),
    run('inspect nope --json --env empty.env'),
    run('get oss://other-vault/k --version ID --env empty.env'),
    run('inspect -- --version'),
  ]);
  const missing = { error: { code: 'file-missing', message: 'Cannot read nope: there is no such file' } };
  for (const { code, stderr } of [before, behind]) {
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject(missing);
  }
  expect([version.code, version.stdout.length, version.stderr]).toEqual([
    2,
    0,
    expect.stringContaining('the vault of this deployment is oss-envelope-vault'),
  ]);
  expect([none.code, none.stderr]).toEqual([
    1,
    expect.stringContaining('Cannot read --version: there is no'),
  ]);
});

test('what is misused has a code, for programs, too', async () => {
  const { code, stdout, stderr } = await run('doctor --json --nope');
  expect([code, stdout.length, JSON.parse(stderr)]).toEqual([
    2,
    0,
    {
      error: {
        code: 'usage-wrong',
        message: "Cannot understand the command line: unknown option '--nope'",
        todo: 'see oss-envelope doctor --help',
      },
    },
  ]);
});

test.concurrent.each([
  ['--nope --json', 'oss-envelope'],
  ['--json nope', 'oss-envelope'],
  ['--json', 'oss-envelope'],
  ['dead-letters --json', 'oss-envelope dead-letters'],
  ['dead-letters --json nope', 'oss-envelope dead-letters'],
  ['dead-letters replay --nope --json', 'oss-envelope dead-letters replay'],
  ['get oss://v-1/k other --json', 'oss-envelope get'],
  ['--json get oss://v-1/k --parallel 3', 'oss-envelope get'],
  ['get --json oss://v-1', 'oss-envelope get'],
])('%s: see %s --help', async (line, command) => {
  const { code, stdout, stderr } = await run(line);
  expect([code, stdout.length]).toEqual([2, 0]);
  const { error } = JSON.parse(stderr);
  expect([error.code, error.todo]).toEqual(['usage-wrong', `see ${command} --help`]);
  expect(error.message).toMatch(/^Cannot /);
});

test('behind -- it is a name', async () => {
  const { code, stderr } = await run('inspect -- --json');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^Cannot read --json: there is no such file /)]);
});

describe('what is named and not there', () => {
  test.each([
    [
      '--env prod.evn put a oss://oss-envelope-inbox/a',
      2,
      'Cannot read prod.evn: there is no such file (config-missing)',
    ],
    ['--env . rewrap oss://oss-envelope-vault/ --to k', 2, 'Cannot read .: it is a directory (config-wrong)'],
    [
      '--local --data nowhere doctor',
      2,
      'Cannot find a local cloud: there is no folder nowhere (config-missing)',
    ],
    ['--local doctor', 1, 'Cannot find a local cloud: none runs in .data (no-local-cloud)'],
    [
      '--profile nobody --account 1 reconcile --fix',
      5,
      'Cannot find credentials in profile nobody (no-credentials)',
    ],
  ])('%s', async (line, code, says) => {
    const ended = await run(line);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(`${says}\n`)]);
  });
});

describe('credentials', () => {
  const HOME = () => join(folder, 'home');
  const secret = 'a-secret-of-somebody';
  const profiles = [{ name: 'default', mode: 'AK', access_key_id: 'id', access_key_secret: secret }];
  const asked = (env: Record<string, string>) =>
    ossEnvelope(['--env', '/dev/null', '--account', '1', 'dead-letters', 'list'], { cwd: folder, env });

  test('where the environment names some and has none, nobody else acts', async () => {
    await mkdir(join(HOME(), '.aliyun'), { recursive: true });
    await writeFile(join(HOME(), '.aliyun/config.json'), JSON.stringify({ current: 'default', profiles }));
    const { code, stderr } = await asked({ HOME: HOME(), ALIBABA_CLOUD_ACCESS_KEY_ID: 'id-without-secret' });
    expect([code, stderr]).toEqual([
      5,
      expect.stringContaining(
        'Cannot find credentials where ALIBABA_CLOUD_ACCESS_KEY_ID says that they are (no-credentials)',
      ),
    ]);
  });

  test('where there are none, the places are named, and a local cloud that runs beside', async () => {
    const cwd = await mkdtemp(join(folder, 'beside-'));
    await mkdir(join(cwd, '.data'));
    const [nowhere, unlock] = [await asked({}), await lockData(join(cwd, '.data'))];
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/' };
    const beside = await ossEnvelope(['--json', '--account', '1', 'dead-letters', 'list'], { cwd, env });
    await unlock();
    expect([nowhere.code, nowhere.stderr]).toEqual([
      5,
      expect.stringMatching(
        /more: looked at the environment, ~\/.aliyun\/config.json, ~\/.alibabacloud\/credentials\n$/,
      ),
    ]);
    expect(JSON.parse(beside.stderr).error).toMatchObject({
      code: 'no-credentials',
      todo: expect.stringContaining('say --local for the local cloud that runs in .data'),
      detail: expect.stringMatching(/credentials, ALIBABA_CLOUD_CREDENTIALS_URI$/),
    });
    expect(`${nowhere.stderr}${beside.stderr}`).not.toMatch(/enviroment|undefined/);
  });

  test('a file that cannot be read is not quoted', async () => {
    await mkdir(join(HOME(), '.aliyun'), { recursive: true });
    await writeFile(join(HOME(), '.aliyun/config.json'), `{"profiles": ${JSON.stringify(profiles)}`);
    const { code, stderr } = await asked({ HOME: HOME() });
    expect([code, stderr]).toEqual([5, expect.stringContaining('parse aliyun cli config from')]);
    expect(stderr).not.toContain(secret);
  });
});

/** Runs a program with its standard output going to an open file. */
async function writing(argv: string[], { fd }: FileHandle) {
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', fd, 'pipe'] });
  const [error, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
  return { code, error };
}

describe('what cannot be written', () => {
  const cli = resolve('dist/cli/oss-envelope.js');
  const full = 'Cannot write to standard output: the disk is full';

  test('standard output on a full disk: exit 1 and a sentence, whatever is said', async () => {
    const disk = await open('/dev/full', 'w');
    await writeFile(join(folder, 'an.enc'), Buffer.from(vectors[0]?.envelope ?? '', 'base64'));
    const lines = ['--version', '--help', 'help get', 'inspect an.enc', 'inspect an.enc --json'];
    const ended = await Promise.all(lines.map((line) => writing([cli, ...line.split(' ')], disk)));
    await disk.close();
    for (const [at, { code, error }] of ended.entries())
      expect([lines[at], code, error]).toEqual([lines[at], 1, expect.stringContaining(full)]);
    expect(JSON.parse(ended[4]?.error ?? '')).toMatchObject({ error: { code: 'disk-full' } });
  });

  test('standard output that is not open for it', async () => {
    const readOnly = await open('/dev/null', 'r');
    const { code, error } = await writing([cli, '--version'], readOnly);
    await readOnly.close();
    expect([code, error]).toEqual([1, expect.stringContaining('it is not open for that (file-unwritable)')]);
  });

  test.each(['cloud-matrix', 'cloud'])('by %s: exit 1 and a sentence', async (program) => {
    const disk = await open('/dev/full', 'w');
    const ended = await writing(['--enable-source-maps', resolve(`dist/local/${program}.js`)], disk);
    await disk.close();
    expect([ended.code, ended.error]).toEqual([1, expect.stringContaining(full)]);
  });

  test('to a reader that has ended: 141', async () => {
    const child = spawn('bash', ['-c', `"${process.execPath}" "${cli}" help | true; exit $PIPESTATUS`]);
    expect(await once(child, 'close')).toEqual([141, null]);
  });
});
