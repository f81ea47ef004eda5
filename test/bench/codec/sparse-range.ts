import { randomBytes } from 'node:crypto';
import { cut, planSlices } from '../../../functions/decrypt/ranges';
import { newMessage, openChunks, sealChunks } from '../../../functions/envelope/chunks';
import { CHUNK, PART_MIN, type Range } from '../../../functions/envelope/layout';

const SIZE = 1024 ** 4;
const WANTED = 64 * 1024;

export type SparseRange = { bytes: number; chunks: number; requests: number };

/**
 * Opens 64 KiB in the middle of an envelope of 1 TiB as decrypt does, its begin at no chunk's: of the store's bytes only
 * those are made that are read. `chunks`: so many of them, counted as they are.
 */
export async function createSparseRange(): Promise<SparseRange> {
  const message = newMessage(randomBytes(32), Buffer.from('{}'), SIZE);
  const range = { from: SIZE / 2 + CHUNK / 2, to: SIZE / 2 + CHUNK / 2 + WANTED };
  const slices = planSlices(range, { size: SIZE }, PART_MIN);
  let chunks = 0;
  async function* stored(wanted: Range): AsyncGenerator<Buffer> {
    for (let number = wanted.from; number < wanted.to; number++) {
      chunks++;
      yield* sealChunks(message, { from: number, to: number + 1 }, once(Buffer.alloc(CHUNK)));
    }
  }
  let bytes = 0;
  for (const slice of slices) {
    const opened = openChunks(message, slice.chunks, stored(slice.chunks));
    for await (const piece of cut(slice, { size: SIZE }, opened)) bytes += piece.length;
  }
  if (bytes !== WANTED) throw new Error(`Cannot open the range: ${bytes} bytes came`);
  return { bytes, chunks, requests: slices.length };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
