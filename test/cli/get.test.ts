import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readDownload } from '../../cli/cloud/downloads';
import { directly } from '../../cli/commands/get/directly';
import { fileNameFor, save } from '../../cli/commands/get/save';
import type { Source, Wanted } from '../../cli/commands/get/source';
import { throughFunctions } from '../../cli/commands/get/through-functions';
import { createSession, type Session } from '../../cli/session/session';
import { createOutput } from '../../cli/terminal/output';
import { crc64 } from '../../functions/cloud/crc64';
import { collect } from '../../functions/cloud/pieces';
import type { Call } from '../../infra/local/gateway/hooks';
import { DOWNLOADS, VAULT } from '../../infra/run/deployment';
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
const output = createOutput({ color: false, json: true });

beforeAll(async () => {
  bench = await deployBench();
  options = await localOptions(bench);
  const shared = { local: true, data: bench.data, env: '/dev/null', color: false } as const;
  session = await createSession(shared, new AbortController().signal);
  folder = await mkdtemp(join(tmpdir(), 'get-'));
  await upload(bench, KEY, content, { 'content-encoding': 'gzip' });
  await upload(bench, 'empty', Buffer.alloc(0));
});

afterEach(async () => {
  bench.fail.before = undefined;
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
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

const work = { output, interrupted: new AbortController().signal };

function saved(source: Source, name: string, way: Way, force = false): Promise<number> {
  return save(source, { path: join(folder, name), force, wanted: { place }, way, work });
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

test('the version that a URL names is the one that comes', async () => {
  const [current] = await versionsOf(bench.vault, KEY);
  const of = (id: string | undefined, ...argv: string[]) =>
    ossEnvelope([...options, '--json', 'get', `${url}?versionId=${id}`, '-o', '-', ...argv], { cwd: folder });
  const [named, other, both] = await Promise.all([
    of(current?.versionId),
    of('other'),
    of('one', '--version', 'another'),
  ]);
  expect([named.code, content.equals(named.stdout)]).toEqual([0, true]);
  expect([other.code, JSON.parse(other.stderr).error.code]).toEqual([1, 'envelope-missing']);
  expect([both.code, JSON.parse(both.stderr).error.message]).toEqual([
    2,
    expect.stringContaining('--version says another version'),
  ]);
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
  const noted = (await readFile(join(folder, left[0] ?? ''), 'utf8')).match(/"to":\d+/g)?.at(-1);
  const before = Number(noted?.slice('"to":'.length));
  expect(before).toBeGreaterThan(0);
  expect(await saved(await ways.functions({}), 'big.bin', 'functions')).toBe(before);
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

describe('what an earlier run left', () => {
  /** Breaks off after three parts; returns the names of what is left. */
  async function brokenOff(name: string, way: Way): Promise<{ notes: string; partial: string }> {
    const source = await ways[way]({});
    let moved = 0;
    const breaking: Source = {
      ...source,
      fill: (file) =>
        source.fill(file, (bytes) => {
          moved += bytes;
          if (moved >= 3 * PART) throw new Error('on purpose');
        }),
    };
    await expect(saved(breaking, name, way)).rejects.toMatchObject({
      left: expect.stringMatching(/wait in/),
    });
    const left = (await readdir(folder)).filter((one) => one.startsWith(`.${name.slice(0, 60)}.`)).sort();
    const [notes = '', partial = ''] = left.map((one) => join(folder, one));
    return { notes, partial };
  }

  const flip = async (path: string) => {
    const file = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 5);
    await file.write(Buffer.of(byte.readUInt8() ^ 1), 0, 1, 5);
    await file.close();
  };

  /** How many bytes of three parts count after that; by way of the functions only what lies before the change. */
  const changes: [string, (left: { notes: string; partial: string }) => Promise<unknown>, number][] = [
    ['is there no more', ({ partial }) => rm(partial), 0],
    [
      'has zeros in their place',
      ({ partial }) => truncate(partial, 0).then(() => truncate(partial, 2 * PART)),
      0,
    ],
    ['has another byte', ({ partial }) => flip(partial), 2 * PART],
    ['is shorter', ({ partial }) => truncate(partial, PART + 7), PART],
    ['is longer than the whole', ({ partial }) => truncate(partial, content.length + PART), 3 * PART],
    ['has no notes', ({ notes }) => rm(notes), 0],
    ['has the notes of another', ({ notes }) => flip(notes), 0],
    [
      'has notes that are none',
      ({ notes }) => appendFile(notes, '\n5\nnull\n{"from":0,"to":1e99}\n{"from'),
      3 * PART,
    ],
    [
      'is a link to another file',
      async ({ partial }) => {
        await rename(partial, join(folder, 'elsewhere'));
        await symlink(join(folder, 'elsewhere'), partial);
      },
      0,
    ],
    ['is another name of a file', ({ partial }) => link(partial, join(folder, 'elsewhere')), 0],
  ];

  test.each(
    changes.flatMap(([what, change, counts]) =>
      (['direct', 'functions'] as const).map((way) => [what, way, change, counts] as const),
    ),
  )('that %s is not believed, by way of %s', async (_, way, change, counts) => {
    const left = await brokenOff('left.bin', way);
    await change(left);
    const elsewhere = await readFile(join(folder, 'elsewhere')).catch(() => undefined);
    const before = await saved(await ways[way]({}), 'left.bin', way);
    if (way === 'direct') expect(before).toBe(counts);
    else expect(before).toBeLessThan(counts + PART);
    expect(await isWhole('left.bin')).toBe(true);
    if (elsewhere) expect(elsewhere.equals(await readFile(join(folder, 'elsewhere')))).toBe(true);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('that cannot be removed is named', async () => {
    const { partial } = await brokenOff('left.bin', 'direct');
    await rm(partial);
    await mkdir(partial);
    await expect(saved(await ways.direct({}), 'left.bin', 'direct')).rejects.toMatchObject({
      code: 'file-unwritable',
      message: `Cannot write ${partial}: what is there cannot be removed`,
    });
  });

  test('of a file with another name, even a long one alike, is its own', async () => {
    const long = 'x'.repeat(100);
    await brokenOff(`${long}1`, 'direct');
    await brokenOff(`${long}2`, 'direct');
    expect(await readdir(folder)).toHaveLength(4);
  });
});

describe('two at once', () => {
  test('the second is refused, and what is there stays, by force as well', async () => {
    await writeFile(join(folder, 'one.bin'), content);
    let reads = 0;
    const { reached, release } = hold(
      bench,
      ({ operation, bucket }) => operation === 'GetObject' && bucket === VAULT && ++reads === 4,
    );
    const argv = ['-o', 'one.bin', '--direct', '--force', '--part-bytes', String(PART), '--parallel', '1'];
    const first = get(argv);
    await reached;
    const second = await get(argv);
    expect([second.code, JSON.parse(second.stderr).error]).toMatchObject([
      6,
      { code: 'in-use', message: 'Cannot write one.bin: another process is at it' },
    ]);
    release();
    expect([(await first).code, await isWhole('one.bin')]).toEqual([0, true]);
    expect(await saved(await ways.direct({}), 'one.bin', 'direct', true)).toBe(0);
    expect([await isWhole('one.bin'), await readdir(folder)]).toEqual([true, ['one.bin']]);
  });

  test.each([
    ['written to', (partial: string) => truncate(partial, PART)],
    ['removed', (partial: string) => rm(partial)],
    ['replaced', (partial: string) => rename(join(folder, 'other'), partial)],
  ])('a file in the making that is %s meanwhile gets no name', async (_, change) => {
    await writeFile(join(folder, 'other'), Buffer.alloc(content.length));
    const source = await ways.direct({});
    const changing: Source = {
      ...source,
      async fill(...filling) {
        await source.fill(...filling);
        const partial = (await readdir(folder)).find((name) => name.endsWith('.partial')) ?? '';
        await change(join(folder, partial));
      },
    };
    const failing = saved(changing, 'meanwhile.bin', 'direct');
    await expect(failing).rejects.toMatchObject({
      code: 'file-changed',
      message: expect.stringMatching(/^Cannot write \S+meanwhile.bin: \S+.partial was changed or removed/),
    });
    expect(await readdir(folder)).not.toContain('meanwhile.bin');
    await saved(source, 'meanwhile.bin', 'direct');
    expect(await isWhole('meanwhile.bin')).toBe(true);
  });
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
    const sum = crc64();
    sum.update(bytes.subarray(0, from));
    return collect(readDownload(session, { size: bytes.length, ask }, { from, sum }));
  }

  test('goes on after cuts and asks for another URL, from any byte on', async () => {
    const whole = crc64();
    whole.update(bytes);
    const sum = whole.value();
    const all = await read(0, [answer(sum, 3), status(403), answer(sum, 4), status(404), answer(sum)]);
    expect(all.toString()).toBe('0123456789');
    for (const from of [1, 9]) expect(await read(from, [answer(sum)])).toEqual(bytes.subarray(from));
    expect(await read(10, [answer(sum)])).toEqual(Buffer.alloc(0));
  });

  test('has more headers than Node reads by itself', async () => {
    const whole = crc64();
    whole.update(bytes);
    const large: (typeof answers)[number] = (request, response) => {
      for (const name of ['disposition', 'language', 'type'])
        response.setHeader(`content-${name}`, 'x'.repeat(8000));
      answer(whole.value())(request, response);
    };
    expect(await read(0, [large])).toEqual(bytes);
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
