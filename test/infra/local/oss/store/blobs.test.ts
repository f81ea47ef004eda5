import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collect } from '../../../../../functions/cloud/pieces';
import { createBlobs } from '../../../../../infra/local/oss/store/blobs';
import { newFolder } from '../../new-folder';

async function* whole() {
  yield Buffer.alloc(100_000);
}

async function* cutOff() {
  yield await Promise.reject<Buffer>(new Error('cut off'));
}

test('a body cut off leaves no file, also while the disk is busy [assumed]', async () => {
  const [folder, busy] = [await newFolder(), createBlobs(await newFolder())];
  const blobs = createBlobs(folder);
  const received = Array.from({ length: 600 }, (_, index) =>
    index % 2 === 0 ? busy.receive(whole()) : blobs.receive(cutOff()),
  );
  await Promise.allSettled(received);
  expect(await readdir(folder)).toEqual([]);
});

test('a blob whose end is missing is no body [assumed]', async () => {
  const folder = await newFolder();
  const blobs = createBlobs(folder);
  const { blob } = await blobs.receive(whole());
  await truncate(join(folder, blob.id), 99_999);
  const read = (end: number) => collect(blobs.read([blob], { start: 0, end }).bytes);
  expect(await read(99_998)).toHaveLength(99_999);
  await expect(read(99_999)).rejects.toThrow('1 bytes are missing');
});
