import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acs3Headers } from '../../../infra/run/acs3';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import { ossEnvelope } from '../../cli/command';

const PHRASE = 'a phrase that nobody else writes';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-start-'));
  await writeFile(join(folder, 'phrase.txt'), `${PHRASE}\n`.repeat(1000));
});
afterAll(async () => {
  for (const run of runs) run.process.kill('SIGKILL');
  await Promise.all(runs.map((run) => run.ended));
  await rm(folder, { recursive: true });
});

/** All that were started, also by a test that failed. */
const runs: Run[] = [];

type Run = { process: ChildProcessWithoutNullStreams; out: () => string; ended: Promise<number> };

/** What `npm start` runs, with the data folder of this test. */
function start(...args: string[]): Run {
  return watch(spawn('node', ['dist/local/start.js', '--data', join(folder, 'data'), ...args]));
}

function watch(process: ChildProcessWithoutNullStreams): Run {
  let out = '';
  for (const stream of [process.stdout, process.stderr]) stream.on('data', (text) => (out += text));
  const run = { process, out: () => out, ended: once(process, 'close').then(([code]) => code) };
  runs.push(run);
  return run;
}

async function printed({ process, out }: Run, text: string): Promise<void> {
  while (!out().includes(text)) await once(process.stdout, 'data');
}

async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('--once sends files all the way and leaves ciphertext in the vault, nothing in the inbox', async () => {
  const run = start('--once', join(folder, 'phrase.txt'), 'package-lock.json');
  expect(await run.ended).toBe(0);
  expect(run.out()).toContain('2 of 2 files came back identical.');
  expect(run.out()).toMatch(/oss-envelope-encrypt: 2 invocations, peak memory \d+ MiB/);
  const vault = await filesUnder(join(folder, 'data/oss', VAULT));
  expect(vault.length).toBeGreaterThan(2);
  for (const file of vault) expect((await readFile(file)).includes(PHRASE)).toBe(false);
  expect(await filesUnder(join(folder, 'data/oss', INBOX, 'blobs'))).toEqual([]);
  expect(await filesUnder(join(folder, 'data/oss', INBOX, 'versions'))).toEqual([]);
});

test('the commands it prints work, Ctrl-C ends it, and a restart has the same vault', async () => {
  const data = join(folder, 'stays');
  const run = start('--data', data, join(folder, 'phrase.txt'));
  await printed(run, 'Ctrl-C stops everything');
  const commands = [...run.out().matchAll(/^ {2}npx oss-envelope (.*)$/gm)].map(([, words = '']) => words);
  expect(commands.map((words) => /'.*' (\S+)/.exec(words)?.[1])).toEqual(['put', 'get', 'doctor']);
  for (const words of commands) {
    const [, before = '', place = '', after = ''] = /^(.*)'(.*)' (.*)$/.exec(words) ?? [];
    const ended = await ossEnvelope([...before.trim().split(' '), place, ...after.split(' ')]);
    expect([words, ended.code, ended.stderr]).toEqual([words, 0, expect.not.stringContaining('Cannot')]);
    if (after.startsWith('get')) expect(ended.stdout.equals(await readFile('package.json'))).toBe(true);
  }
  run.process.kill('SIGINT');
  expect(await run.ended).toBe(130);

  const again = start('--data', data, join(folder, 'phrase.txt'));
  await printed(again, 'Ctrl-C stops everything');
  const [, origin = '', accessKeyId = '', accessKeySecret = ''] =
    /^ {2}export OSS=\S+ URL=(\S+) ID=(\S+) SECRET=(\S+)$/m.exec(again.out()) ?? [];
  // Of another deployment: what runs here has names of its own.
  const env = { ENVELOPE_NAME: 'prod', ENVELOPE_VAULT_BUCKET: 'prod-vault' };
  const got = await ossEnvelope(['--local', '--data', data, 'get', `oss://${VAULT}/phrase.txt`, '-o', '-'], {
    env,
  });
  expect([got.code, got.stdout.includes(PHRASE)]).toEqual([0, true]);
  const body = JSON.stringify({ key: 'phrase.txt' });
  const url = `${origin}/downloads`;
  const headers = acs3Headers('POST', url, { accessKeyId, accessKeySecret });
  const response = await fetch(url, { method: 'POST', headers, body });
  const download = (await response.json()) as { url: string };
  expect(await (await fetch(download.url)).text()).toContain(PHRASE);
  again.process.kill('SIGINT');
  expect(await again.ended).toBe(130);
});

test('Ctrl-C in the middle of the work ends it quietly, and what was begun ends well at the next start', async () => {
  const data = join(folder, 'interrupted');
  const run = start('--data', data);
  await printed(run, 'random-64MiB.bin');
  run.process.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(run.out()).not.toMatch(/Error|warn/);
  const again = start('--data', data, '--once', join(folder, 'phrase.txt'));
  expect(await again.ended).toBe(0);
  expect(await filesUnder(join(data, 'oss', INBOX, 'versions'))).toEqual([]);
});

test.each(['start', 'env-check'])('%s takes no .env with names that nobody asks for', async (program) => {
  const cwd = await mkdtemp(join(folder, 'names-'));
  await writeFile(join(cwd, '.env'), 'NAME=prod\nENVELOPE_VAULT_BUKET=prod-vault\n');
  const run = watch(spawn('node', [resolve(`dist/local/${program}.js`)], { cwd }));
  expect(await run.ended).toBe(2);
  expect(run.out()).toContain(
    'Cannot use .env: NAME has to be called ENVELOPE_NAME; ENVELOPE_VAULT_BUKET is unknown (config-wrong)\n',
  );
});

test('variables are those of .env and the environment; which ones the local cloud has of its own is told', async () => {
  const cwd = await mkdtemp(join(folder, 'variables-'));
  const own =
    'ENVELOPE_DOWNLOADS_URL=https://files.example.com\nENVELOPE_REGION=cn-shanghai\nENVELOPE_NAME=prod\n';
  await writeFile(
    join(cwd, '.env'),
    `${own}ENVELOPE_VAULT_BUCKET=my-vault\nENVELOPE_INLINE_TYPES=image/png\n`,
  );
  const env = { ...process.env, ENVELOPE_INLINE_TYPES: 'text/html' };
  const args = ['--once', '--data', 'data', join(folder, 'phrase.txt')];
  const run = watch(spawn('node', [resolve('dist/local/start.js'), ...args], { cwd, env }));
  expect(await run.ended).toBe(1);
  expect(run.out()).toContain(
    'Of .env and the environment: ENVELOPE_INLINE_TYPES, ENVELOPE_VAULT_BUCKET.\n' +
      'Not of them, for the local cloud has its own: ENVELOPE_DOWNLOADS_URL, ENVELOPE_REGION, ENVELOPE_NAME.\n',
  );
  expect(run.out()).toContain(
    '  oss-envelope-decrypt: Cannot start: ENVELOPE_INLINE_TYPES must not have text/html: it can run scripts\n',
  );
  expect((await filesUnder(join(cwd, 'data/oss/my-vault'))).length).toBeGreaterThan(1);
  const { variables } = JSON.parse(await readFile(join(cwd, 'data/running.json'), 'utf8'));
  expect(variables).toMatchObject({ ENVELOPE_NAME: 'oss-envelope', ENVELOPE_VAULT_BUCKET: 'my-vault' });
});

test.each(['start', 'cloud', 'cloud-matrix', 'env-check'])('%s --help: how it is used', async (program) => {
  const cwd = await mkdtemp(join(folder, 'help-'));
  await writeFile(join(cwd, '.env'), 'ENVELOPE_NOPE=1\n');
  const run = watch(spawn('node', [resolve(`dist/local/${program}.js`), '--help'], { cwd }));
  expect(await run.ended).toBe(0);
  expect(run.out()).toMatch(/^Usage: npm (start|run \S+)( -- .*)?\n$/);
});

describe('what cannot be done is one clear line and exit code 1', () => {
  const cases: [string, () => Promise<string[]>, string][] = [
    [
      'a missing file',
      async () => ['--once', 'nothing-here'],
      'Cannot upload nothing-here: there is no such file\n',
    ],
    ['a directory', async () => ['--once', 'functions'], 'Cannot upload functions: it is a directory\n'],
    [
      'an empty folder',
      async () => ['--data='],
      "Cannot understand the command line: option '--data' is empty\nUsage: npm start -- [--once] [--port N] [--data DIR] [FILE...]\n",
    ],
    [
      'a port that nobody may ask',
      async () => ['--port', '6664'],
      'Cannot listen on port 6665: browsers and fetch ask nobody there, so choose another\n',
    ],
    ['a bad port', async () => ['--port', 'x'], 'Cannot listen on port x: give a number from 1 to 65531\n'],
  ];
  test.each(cases)('%s', async (_, args, line) => {
    const run = start(...(await args()));
    expect(await run.ended).toBe(1);
    expect(run.out()).toBe(line);
  });

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as { port: number }).port;
    const run = start('--once', '--port', String(port), join(folder, 'phrase.txt'));
    expect(await run.ended).toBe(1);
    // The next ports are taken too, and another program may be on one of them.
    expect(run.out()).toMatch(/^Cannot start [^:]+: port \d+ is in use\n$/);
    server.close();
  });

  test('an unknown option', async () => {
    const run = start('--onec');
    expect(await run.ended).toBe(1);
    expect(run.out()).toContain("Cannot understand the command line: unknown option '--onec'");
    expect(run.out()).toContain('Usage: npm start');
  });

  test('an unreadable file', async () => {
    // Root may read every file: the program runs as somebody else, from a place that anyone may read.
    const open = await mkdtemp(join(tmpdir(), 'oss-envelope-open-'));
    await chmod(open, 0o755);
    await copyFile('dist/local/start.js', join(open, 'start.js'));
    const secret = join(open, 'secret');
    await writeFile(secret, 'x', { mode: 0o000 });
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const run = watch(spawn('node', ['start.js', '--once', secret], { cwd: open, ...nobody }));
    expect(await run.ended).toBe(1);
    expect(run.out()).toBe(`Cannot upload ${secret}: there is no permission to read it\n`);
    await rm(open, { recursive: true });
  });
});
