import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readDownload, sumOf } from '../../cli/cloud/downloads';
import { directly } from '../../cli/commands/get/directly';
import { fileNameFor, save } from '../../cli/commands/get/save';
import type { Source, Wanted } from '../../cli/commands/get/source';
import { throughFunctions } from '../../cli/commands/get/through-functions';
import { DOWNLOADS, VAULT } from '../../cli/local/deployment';
import { openSession, type Session } from '../../cli/session/session';
import { openOutput } from '../../cli/terminal/output';
import { collect } from '../../functions/cloud/objects';
import type { Call } from '../../infra/local/hooks';
import { type Bench, deployBench, hold, PART, upload, versionsOf } from '../deployment';
import { type Ended, linesOf, localOptions, ossEnvelope } from './command';

const KEY = '2026/big.bin';
const place = { bucket: VAULT, key: KEY };
const url = `oss://${VAULT}/${KEY}`;
/** Not quite seven parts. */
const content = randomBytes(7 * PART - 5000);

let bench: Bench;
let options: string[];
let session: Session;
let folder: string;
const output = openOutput({ color: false, json: true });

beforeAll(async () => {
  bench = await deployBench();
  options = await localOptions(bench);
  const shared = { local: true, data: bench.data, env: '/dev/null', color: false } as const;
  session = await openSession(shared, new AbortController().signal);
  folder = await mkdtemp(join(tmpdir(), 'get-'));
  await upload(bench, KEY, content, { 'content-encoding': 'gzip' });
  await upload(bench, 'empty', Buffer.alloc(0));
});

afterEach(async () => {
  bench.fail.before = undefined;
  for (const name of await readdir(folder)) await rm(join(folder, name));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await bench.close();
});

function get(argv: string[], onStart: (child: ChildProcess) => void = () => {}): Promise<Ended> {
  return ossEnvelope([...options, '--json', 'get', url, ...argv], { cwd: folder, onStart });
}

const ways = {
  functions: (wanted: Partial<Wanted>) => throughFunctions(session, { place, ...wanted }),
  direct: (wanted: Partial<Wanted>) =>
    directly(session, { place, ...wanted }, { partBytes: PART, parallel: 1 }),
};
type Way = keyof typeof ways;

function saved(source: Source, name: string, way: Way): Promise<number> {
  return save(source, { path: join(folder, name), force: false, wanted: { place }, way, output });
}

async function isWhole(name: string): Promise<boolean> {
  return content.equals(await readFile(join(folder, name)));
}

function isPlaintext({ operation, bucket, key }: Call): boolean {
  return operation === 'GetObject' && bucket === DOWNLOADS && key?.startsWith('plain/') === true;
}

/** Runs until a call that fits is held, then sends the signal. */
async function stopped(
  argv: string[],
  signal: NodeJS.Signals,
  fits: (call: Call) => boolean,
): Promise<Ended> {
  const { reached, release } = hold(bench, fits);
  const ended = await get(argv, (child) => void reached.then(() => child.kill(signal)));
  release();
  return ended;
}

test('a file comes back whole, through the functions and opened here', async () => {
  const [there, here] = await Promise.all([
    get([]),
    get(['--direct', '-o', 'here.bin', '--part-bytes', String(PART)]),
  ]);
  expect([there.code, here.code, there.stderr, here.stderr]).toEqual([0, 0, '', '']);
  expect(await Promise.all(['big.bin', 'here.bin'].map(isWhole))).toEqual([true, true]);
  const [current] = await versionsOf(bench.vault, KEY);
  const facts = { place: url, versionId: current?.versionId, bytes: content.length, bytesBefore: 0 };
  expect(linesOf(there)).toMatchObject([{ ...facts, file: 'big.bin', way: 'functions' }]);
  expect(linesOf(here)).toMatchObject([{ ...facts, file: 'here.bin', way: 'direct' }]);
  expect((await readdir(folder)).sort()).toEqual(['big.bin', 'here.bin']);
});

test('a range goes to a pipe as it is', async () => {
  const range = 'bytes=130000-400000';
  const ended = await get(['--range', range, '-o', '-']);
  expect([ended.code, linesOf({ stdout: Buffer.from(ended.stderr) })]).toMatchObject([0, [{ range }]]);
  const wanted = content.subarray(130_000, 400_001);
  expect(wanted.equals(ended.stdout)).toBe(true);
  const here = await ways.direct({ range });
  expect(wanted.equals(await collect(here.stream(() => {})))).toBe(true);
});

describe.each(['functions', 'direct'] as const)('by way of %s', (way) => {
  const open = ways[way];

  test('what is not there is told of', async () => {
    await expect(open({ place: { ...place, key: 'none' } })).rejects.toThrow(/there is none under this key/);
    await expect(open({ versionId: 'none' })).rejects.toMatchObject({ code: 'envelope-missing' });
    const beyond = open({ range: 'bytes=9999999-' });
    await expect(beyond).rejects.toThrow(`Cannot open this range: the object has ${content.length} bytes`);
  });

  test('what is empty is opened, and KMS asked', async () => {
    const before = bench.calls.length;
    await saved(await open({ place: { bucket: VAULT, key: 'empty' } }), 'empty', way);
    expect((await readFile(join(folder, 'empty'))).length).toBe(0);
    expect(bench.calls.slice(before).map(({ operation }) => operation)).toContain('Decrypt');
  });

  test('a file that is there stays as it is', async () => {
    await writeFile(join(folder, 'there.bin'), 'precious');
    await expect(saved(await open({}), 'there.bin', way)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await readFile(join(folder, 'there.bin'), 'utf8')).toBe('precious');
  });

  test('what was tampered with is not opened, and nothing of it stays', async () => {
    const sealed = await collect((await bench.vault.getStream(KEY, {})).stream);
    const last = sealed.length - 1;
    sealed.writeUInt8(sealed.readUInt8(last) ^ 1, last);
    const { res } = await bench.vault.put(KEY, sealed, {});
    await expect(saved(await open({}), 'spoilt.bin', way)).rejects.toMatchObject({
      code: 'cannot-open',
      exit: 4,
      left: `${join(folder, 'spoilt.bin')} is as it was, and nothing of this run is left`,
    });
    await bench.vault.delete(KEY, { versionId: res.headers['x-oss-version-id'] ?? '' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('the first byte, and the last ones', async () => {
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=-100', content.length - 100, content.length],
    ] as const) {
      await saved(await open({ range }), range, way);
      expect(content.subarray(from, to).equals(await readFile(join(folder, range)))).toBe(true);
    }
  });
});

test('a cut connection goes on where it was, a URL whose time is over is asked for again', async () => {
  const ranges: (string | undefined)[] = [];
  bench.fail.before = (call) => {
    if (!isPlaintext(call)) return undefined;
    ranges.push(call.headers.range);
    // As OSS answers when the time of a URL is over.
    if (ranges.length === 2) return { error: { code: 'AccessDenied', message: 'Request has expired.' } };
    return ranges.length < 4 ? { cutBodyAt: 200_000 } : undefined;
  };
  await saved(await ways.functions({}), 'cut.bin', 'functions');
  expect(await isWhole('cut.bin')).toBe(true);
  expect(ranges).toHaveLength(4);
  expect(ranges[1]).toBe(ranges[2]);
  const [second, third] = ranges.slice(2).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]));
  expect([second ?? 0, (third ?? 0) - (second ?? 0)].every((bytes) => bytes > 0 && bytes <= 200_000)).toBe(
    true,
  );
});

test('an answer that does not come is looked for by its id', async () => {
  let invocations = 0;
  bench.fail.before = ({ operation }) => {
    if (operation === 'InvokeFunction' && ++invocations === 2) throw new Error('lost');
  };
  await saved(await ways.functions({ range: 'bytes=0-9' }), 'late.bin', 'functions');
  expect(content.subarray(0, 10).equals(await readFile(join(folder, 'late.bin')))).toBe(true);
  expect(invocations).toBeGreaterThan(3);
});

test('a download that was killed goes on in the next run, and its notes hold no secret', async () => {
  let answers = 0;
  bench.fail.before = (call) => (isPlaintext(call) && ++answers === 1 ? { cutBodyAt: 200_000 } : undefined);
  const first = await stopped([], 'SIGKILL', (call) => isPlaintext(call) && answers === 1);
  expect(first.code).toBe(null);
  const left = (await readdir(folder)).sort();
  expect(left).toEqual([
    expect.stringMatching(/^\.big\.bin\..*\.notes$/),
    expect.stringMatching(/\.partial$/),
  ]);
  expect(await readFile(join(folder, left[0] ?? ''), 'utf8')).not.toMatch(/http|ignature/);
  const { size } = await stat(join(folder, left[1] ?? ''));
  expect(size).toBeGreaterThan(0);
  expect(await saved(await ways.functions({}), 'big.bin', 'functions')).toBe(size);
  expect(await isWhole('big.bin')).toBe(true);
  expect(await readdir(folder)).toEqual(['big.bin']);
});

test('Ctrl-C keeps the parts that have verified, for this version', async () => {
  let reads = 0;
  const argv = ['-o', 'c.bin', '--direct', '--part-bytes', String(PART), '--parallel', '1'];
  const fits = (call: Call) => call.operation === 'GetObject' && call.bucket === VAULT && ++reads === 4;
  const first = await stopped(argv, 'SIGINT', fits);
  expect([first.code, JSON.parse(first.stderr).error]).toMatchObject([
    130,
    { code: 'interrupted', left: expect.stringMatching(/^c\.bin is as it was; 256 KiB wait in \S+ for/) },
  ]);
  const [notes = '', partial = ''] = (await readdir(folder)).sort();
  const before = [await readFile(join(folder, notes)), await readFile(join(folder, partial))] as const;
  expect(await saved(await ways.direct({}), 'c.bin', 'direct')).toBe(2 * PART);
  expect(await isWhole('c.bin')).toBe(true);
  await rm(join(folder, 'c.bin'));
  // As if the version of today were another one.
  const [old, wanted] = [await ways.direct({}), { name: notes.replace('.notes', '') }];
  await writeFile(join(folder, `${wanted.name}.notes`), before[0]);
  await writeFile(join(folder, `${wanted.name}.partial`), before[1]);
  expect(await saved({ ...old, content: { partBytes: 1 } }, 'c.bin', 'direct')).toBe(0);
  expect(await readdir(folder)).toEqual(['c.bin']);
});

test('an envelope that was moved is told from where', async () => {
  const sealed = await collect((await bench.vault.getStream(KEY, {})).stream);
  await bench.vault.put('moved.bin', sealed, {});
  await expect(ways.direct({ place: { bucket: VAULT, key: 'moved.bin' } })).rejects.toMatchObject({
    code: 'place-differs',
    todo: `if that is the one you mean: oss-envelope open oss://${VAULT}/moved.bin --place ${url}`,
  });
});

describe('a download', () => {
  const bytes = Buffer.from('0123456789');
  let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
  const server = createServer((request, response) => answers.shift()?.(request, response));
  let ask: () => Promise<string>;

  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    ask = async () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  const status = (code: number) => (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(code).end();
  const answer =
    (sum: bigint, sent = bytes.length) =>
    ({ headers }: IncomingMessage, response: ServerResponse) => {
      const from = Number(/\d+/.exec(headers.range ?? '0')?.[0]);
      const told = { 'content-length': bytes.length - from, 'x-oss-hash-crc64ecma': String(sum) };
      response.writeHead(headers.range ? 206 : 200, told);
      response.write(bytes.subarray(from, from + sent));
      if (from + sent >= bytes.length) response.end();
      else setImmediate(() => response.destroy());
    };
  async function read(from: number, answering: typeof answers): Promise<Buffer> {
    answers = answering;
    const sum = await sumOf(Readable.from([bytes.subarray(0, from)]));
    return collect(readDownload(session, { size: bytes.length, ask }, { from, sum }));
  }

  test('goes on after cuts and asks for another URL, from any byte on', async () => {
    const sum = (await sumOf(Readable.from([bytes]))).value();
    const all = await read(0, [answer(sum, 3), status(403), answer(sum, 4), status(404), answer(sum)]);
    expect(all.toString()).toBe('0123456789');
    for (const from of [1, 9]) expect(await read(from, [answer(sum)])).toEqual(bytes.subarray(from));
    expect(await read(10, [answer(sum)])).toEqual(Buffer.alloc(0));
  });

  test('of other bytes than OSS has is not taken for whole', async () => {
    for (const from of [0, 10]) {
      await expect(read(from, [answer(1n)])).rejects.toMatchObject({ code: 'stored-differs' });
    }
  });

  test('that is refused with a fresh URL is refused', async () => {
    await expect(read(0, [status(403)])).rejects.toMatchObject({ code: 'oss-refused' });
  });
});

test.each(['', 'folder/', '..', 'a/..', 'a/.'])('no file is named after the key %j', (key) => {
  expect(() => fileNameFor({ bucket: VAULT, key })).toThrow(/^Cannot name a file after/);
});
