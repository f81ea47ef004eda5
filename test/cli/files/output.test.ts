import { execFileSync } from 'node:child_process';
import { openSync } from 'node:fs';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile as write,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Destination, deliver, STDOUT } from '../../../cli/files/deliver';
import { writeFile } from '../../../cli/files/output';
import { beginRanged } from '../../../cli/files/ranged-output';
import { readOutput } from '../../../cli/files/stream-output';
import { createOutput } from '../../../cli/terminal/output';
import { crc64 } from '../../../functions/cloud/crc64';

const { signal } = new AbortController();
let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'output-'));
  out = join(folder, 'out');
});

async function* content(...pieces: (string | Error)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

test('what is written is whole, and for its owner only', async () => {
  expect(await writeFile(out, content('one ', 'two'))).toBe(7);
  expect(await readFile(out, 'utf8')).toBe('one two');
  expect((await lstat(out)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['out']);
});

test('while it is being written, nothing is under its name', async () => {
  async function* watched() {
    yield Buffer.from('first');
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.out\.[0-9a-f]{12}\.partial$/)]);
    yield Buffer.from('last');
  }
  await writeFile(out, watched());
});

test.each([
  ['cut', (partial: string) => truncate(partial)],
  ['removed', (partial: string) => rm(partial)],
])('what is %s while it is being written gets no name', async (_, change) => {
  async function* changing() {
    yield Buffer.from('content');
    await change(join(folder, (await readdir(folder))[0] ?? ''));
  }
  await expect(writeFile(out, changing())).rejects.toMatchObject({ code: 'file-changed' });
  expect(await readdir(folder)).toEqual([]);
});

test('content that fails leaves what was there, and says so', async () => {
  await write(out, 'old');
  const failing = writeFile(out, content('new', new Error('on purpose')), true);
  await expect(failing).rejects.toMatchObject({ left: `${out}: nothing new is under this name` });
  expect([await readdir(folder), await readFile(out, 'utf8')]).toEqual([['out'], 'old']);
});

test('what is there is replaced by force only, and not where it came in the meantime', async () => {
  await write(out, 'old');
  await expect(writeFile(out, content('new'))).rejects.toMatchObject({ code: 'file-exists' });
  await writeFile(out, content('new'), true);
  expect(await readFile(out, 'utf8')).toBe('new');
  const late = join(folder, 'late');
  async function* overtaken() {
    yield Buffer.from('ours');
    await write(late, 'theirs');
  }
  await expect(writeFile(late, overtaken())).rejects.toMatchObject({ code: 'file-exists' });
  expect([await readFile(late, 'utf8'), (await readdir(folder)).sort()]).toEqual(['theirs', ['late', 'out']]);
});

test('a symbolic link stays, and what it leads to is replaced', async () => {
  await write(join(folder, 'target'), 'old');
  await symlink('target', out);
  await writeFile(out, content('new'), true);
  expect((await lstat(out)).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('new');
});

test.each([
  ['a device', '/dev/null', 'Cannot write /dev/null: it is no file'],
  ['a folder', 'folder', 'Cannot write folder: it is a directory'],
  ['a missing folder', 'none/out', 'Cannot write none/out: there is no such folder'],
])('%s is refused, also by force', async (_, name, message) => {
  await mkdir(join(folder, 'folder'));
  const path = name.startsWith('/') ? name : join(folder, name);
  const failing = writeFile(path, content('new'), true);
  await expect(failing).rejects.toMatchObject({
    code: 'file-unwritable',
    message: message.replace(name, path),
  });
});

test('a symbolic link to nothing is replaced by force itself', async () => {
  await symlink('nothing', out);
  await expect(writeFile(out, content('new'))).rejects.toMatchObject({ code: 'file-exists' });
  await writeFile(out, content('new'), true);
  expect([(await lstat(out)).isFile(), await readdir(folder)]).toEqual([true, ['out']]);
});

describe('what is replaced', () => {
  const isRoot = process.geteuid?.() === 0;
  const said: string[] = [];
  const tell = (line: string) => void said.push(line);
  const other = isRoot ? 1234 : (process.geteuid?.() ?? 0);

  test.each([0o600, 0o640, 0o666, 0o4755])('%o: its permissions, owner and group are kept', async (mode) => {
    await write(out, 'old');
    if (isRoot) await chown(out, other, 4321);
    await chmod(out, mode);
    const { uid, gid } = await stat(out);
    await writeFile(out, content('new'), true, tell);
    const now = await stat(out);
    expect([now.mode & 0o7777, now.uid, now.gid, said]).toEqual([mode & 0o777, uid, gid, []]);
  });

  test.runIf(isRoot)('another owner than may be kept is told of, and his group may nothing', async () => {
    await write(out, 'old');
    await chmod(out, 0o664);
    await chmod(folder, 0o777);
    process.seteuid?.(other);
    await writeFile(out, content('new'), true, tell).finally(() => process.seteuid?.(0));
    const { mode, uid } = await stat(out);
    expect([mode & 0o777, uid, said]).toEqual([
      process.getgroups?.().includes(0) ? 0o664 : 0o604,
      other,
      [`${out} has another owner or group than before`],
    ]);
  });
});

describe('a stream', () => {
  const never = new AbortController().signal;
  const delivered = (to: Destination, pieces: AsyncIterable<Buffer>, interrupted = never) => {
    const output = createOutput({ color: false });
    return deliver({ output, interrupted }, pieces, { ...to, label: 'test', total: undefined });
  };

  test.each(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])('%s is standard output', (path) => {
    expect(readOutput(path)).toBe(STDOUT);
  });

  test('a device takes what comes', async () => {
    expect(await delivered({ path: '/dev/null' }, content('one ', 'two'))).toBe(7);
    await expect(delivered({ path: '/dev/full' }, content('new'))).rejects.toMatchObject({
      code: 'disk-full',
    });
  });

  test('a named pipe is written to once it has a reader, and never replaced', async () => {
    execFileSync('mkfifo', [out]);
    const large = Buffer.alloc(1_000_000, 'large').toString();
    const writing = delivered({ path: out, force: true }, content('one ', large));
    expect(await readFile(out, 'utf8')).toBe(`one ${large}`);
    expect([await writing, (await lstat(out)).isFIFO()]).toEqual([1_000_004, true]);
  });

  test('a pipe that nobody reads is not waited for after Ctrl-C', async () => {
    execFileSync('mkfifo', [out]);
    const waiting = delivered({ path: out }, content('new'), AbortSignal.abort());
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('what is open already is written to where it stands', async () => {
    await write(out, 'before ');
    const fd = openSync(out, 'a');
    await delivered({ path: `/dev/fd/${fd}` }, content('after'));
    expect(await readFile(out, 'utf8')).toBe('before after');
    await expect(delivered({ path: '/dev/fd/999' }, content('new'))).rejects.toMatchObject({
      code: 'file-unwritable',
      message: 'Cannot write /dev/fd/999: it is not open',
    });
  });

  test.each<[string, string | Buffer, Partial<Destination>, boolean]>([
    ['text', 'über\tall\r\n', {}, true],
    ['bytes', Buffer.from([0xff]), {}, false],
    ['an envelope', 'oss-envelope\n\0', {}, false],
    ['orders', '\x1b[2J', {}, false],
    ['orders in one byte', '\x9b2J', {}, false],
    ['bytes that were asked for', '\0', { output: STDOUT }, true],
    ['bytes by force', '\0', { force: true }, true],
  ])('a terminal that nobody named is given %s', async (_, piece, how, isGiven) => {
    const { isTTY, write } = process.stdout;
    const given: unknown[] = [];
    const taken = (one: unknown, done: () => void) => given.push(one) && void done();
    Object.assign(process.stdout, { isTTY: true, write: taken });
    const whole = (async function* () {
      yield Buffer.from(piece as string);
    })();
    const failure = await delivered({ path: STDOUT, ...how }, whole)
      .catch((error) => error.code)
      .finally(() => Object.assign(process.stdout, { isTTY, write }));
    expect([given.length, failure]).toEqual(isGiven ? [1, expect.any(Number)] : [0, 'usage-wrong']);
  });
});

test.each([
  [`${'年'.repeat(81)}b`, 244],
  [`a${'😀'.repeat(63)}`, 253],
  ['x'.repeat(255), 255],
])('%s: a name of %i bytes is as good as any', async (name, bytes) => {
  expect(Buffer.byteLength(name)).toBe(bytes);
  async function* watched() {
    yield Buffer.from('content');
    const [partial = ''] = await readdir(folder);
    expect(partial).toMatch(/^\.(年{60}|a(😀){44}|x{180})\.[0-9a-f]{12}\.partial$/u);
  }
  await writeFile(join(folder, name), watched());
  const begun = { asked: 'all', content: {}, bytes: 7, tell: () => {} };
  const ranged = await beginRanged({ path: join(folder, name), force: true, ...begun }, signal);
  await ranged.write(0, Buffer.from('CONTENT'));
  const sum = crc64();
  sum.update(Buffer.from('CONTENT'));
  await ranged.hold({ from: 0, to: 7, checksum: sum.value() });
  await ranged.publish();
  expect([await readdir(folder), await readFile(join(folder, name), 'utf8')]).toEqual([[name], 'CONTENT']);
});

test('a name that is too long is refused before any work, with what to do', async () => {
  let isAsked = false;
  async function* never() {
    isAsked = true;
    yield Buffer.from('');
  }
  await expect(writeFile(join(folder, '年'.repeat(86)), never())).rejects.toMatchObject({
    code: 'name-too-long',
    exit: 1,
    todo: expect.stringContaining('shorter'),
  });
  expect(isAsked).toBe(false);
});
