import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Input } from '../../../cli/files/input';
import { spool } from '../../../cli/files/spool';
import { collect } from '../../../functions/cloud/pieces';

const SEGMENT = 1_048_576;
const before = process.env.TMPDIR;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  process.env.TMPDIR = folder;
});
afterAll(() => {
  process.env.TMPDIR = before;
});

/** In pieces of `step` bytes, from one buffer that is used again and again. */
async function* pieces(content: Buffer, step: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(step);
  for (let at = 0; at < content.length; at += step) {
    yield piece.subarray(0, content.copy(piece, 0, at, at + step));
  }
}

const read = (input: Input, from: number, to: number) => collect(input.read({ from, to }));

test.each([
  [0, 1],
  [1, 1],
  [SEGMENT - 1, 65_536],
  [SEGMENT, 65_536],
  [SEGMENT + 1, 3 * SEGMENT],
  [2 * SEGMENT, 99_991],
  [2 * SEGMENT + 12_345, SEGMENT],
])('size=%i,step=%i: read anywhere, and again', async (size, step) => {
  const content = randomBytes(size);
  const input = await spool(pieces(content, step), 'stdin');
  expect(input.size).toBe(size);
  const edges = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, size].filter((edge) => edge <= size);
  for (const from of edges) {
    for (const to of edges.filter((edge) => edge >= from)) {
      expect((await read(input, from, to)).equals(content.subarray(from, to))).toBe(true);
    }
  }
  await input.close();
});

test('nothing lies in the folder, and nothing of the content on the disk', async () => {
  const content = Buffer.from('a phrase that nobody may find. '.repeat(100_000));
  const input = await spool(pieces(content, 10_000), 'stdin');
  expect(await readdir(folder)).toEqual([]);
  const kept = await openFilesUnder(folder);
  expect(kept.map(({ length }) => length > content.length)).toEqual([true]);
  expect(kept[0]?.includes('phrase')).toBe(false);
  await input.close();
  expect(await openFilesUnder(folder)).toEqual([]);
});

test('a source that fails leaves nothing open', async () => {
  async function* failing() {
    yield randomBytes(2 * SEGMENT);
    throw new Error('on purpose');
  }
  await expect(spool(failing(), 'stdin')).rejects.toThrow('on purpose');
  expect(await openFilesUnder(folder)).toEqual([]);
});

test('where nothing can be kept aside it says where', async () => {
  process.env.TMPDIR = join(folder, 'none');
  const failing = spool(Readable.from([Buffer.alloc(1)]), 'stdin');
  await expect(failing).rejects.toMatchObject({
    code: 'file-unwritable',
    message: `Cannot keep stdin aside in ${join(folder, 'none')}: there is no such folder`,
  });
  process.env.TMPDIR = folder;
});

/** The contents of this process's open files that lay in a folder. */
async function openFilesUnder(path: string): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const descriptor of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${descriptor}`).catch(() => '');
    if (target.startsWith(path)) found.push(await readFile(`/proc/self/fd/${descriptor}`));
  }
  return found;
}
