import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openBlobs } from '../../../../infra/local/oss/blobs';
import { newFolder } from '../new-folder';

async function* whole() {
  yield Buffer.alloc(100_000);
}

async function* cutOff() {
  yield await Promise.reject<Buffer>(new Error('cut off'));
}

test('a body cut off leaves no file, also while the disk is busy [assumed]', async () => {
  const [folder, busy] = [await newFolder(), openBlobs(await newFolder())];
  const blobs = openBlobs(folder);
  const received = Array.from({ length: 600 }, (_, index) =>
    index % 2 === 0 ? busy.receive(whole()) : blobs.receive(cutOff()),
  );
  await Promise.allSettled(received);
  expect(await readdir(folder)).toEqual([]);
});
