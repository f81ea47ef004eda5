import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile as write,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeFile } from '../../../cli/files/output';
import { openRanged } from '../../../cli/files/ranged-output';
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
  const begun = { asked: 'all', content: {}, bytes: 7 };
  const ranged = await openRanged({ path: join(folder, name), force: true, ...begun }, signal);
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
