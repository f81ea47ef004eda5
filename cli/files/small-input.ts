import { collect } from '../../functions/cloud/pieces';
import { fileInput } from './input';
import { readStdin } from './stdin';

/** A file, or standard input where it is `-`; undefined where it has more than `limit` bytes. Throws `file-missing`, `file-unreadable`. */
export async function readSmall(
  file: string,
  limit: number,
  interrupted: AbortSignal,
): Promise<Buffer | undefined> {
  if (file === '-') return upTo(limit, readStdin(interrupted));
  const input = await fileInput(file);
  try {
    return input.size > limit ? undefined : await collect(input.read({ from: 0, to: input.size }));
  } finally {
    await input.close();
  }
}

async function upTo(limit: number, pieces: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const all: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    all.push(piece);
    size += piece.length;
    if (size > limit) return undefined;
  }
  return Buffer.concat(all);
}
