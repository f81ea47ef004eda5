import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMessage, sealMessage } from '../../functions/envelope/chunks';
import { CHUNK, messageSize, type Range } from '../../functions/envelope/layout';
import { Failure } from '../terminal/failure';
import { unwritable } from './output';

/** Plaintext bytes of a segment: one message of the envelope's own kind, under a key that only this process knows. */
const SEGMENT = 64 * CHUNK;

/**
 * Keeps aside what a pipe gives, as an `Input`: its size is known, and it can be read anywhere and again. On the disk (TMPDIR)
 * it is sealed under a key that lives in memory only, in a file without a name: it is gone with this process, however
 * that ends. The caller closes it. Throws `disk-full`, `file-unwritable`, and what `source` throws.
 */
export async function spool(source: AsyncIterable<Buffer>, name: string) {
  const doing = `keep ${name} aside in ${tmpdir()}`;
  const file = await createNameless().catch(unwritable(doing));
  const key = randomBytes(32);
  const close = async () => {
    key.fill(0);
    await file.close();
  };
  try {
    const size = await fill({ file, key, doing }, source);
    return {
      name,
      size,
      modifiedAt: new Date(),
      read: (range: Range) => read(file, key, size, range),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `oss-envelope-${randomBytes(9).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

async function fill(
  { file, key, doing }: { file: FileHandle; key: Buffer; doing: string },
  source: AsyncIterable<Buffer>,
): Promise<number> {
  let size = 0;
  for await (const segment of segments(source)) {
    const sealed = sealMessage(key, contextOf(size / SEGMENT), segment);
    await writeWhole(file, sealed).catch(unwritable(doing));
    size += segment.length;
  }
  return size;
}

async function writeWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** Pieces of SEGMENT bytes, the last one shorter. */
async function* segments(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (let piece of source) {
    while (length + piece.length >= SEGMENT) {
      const rest = SEGMENT - length;
      yield Buffer.concat([...pieces, piece.subarray(0, rest)]);
      piece = piece.subarray(rest);
      [pieces, length] = [[], 0];
    }
    // A source may use its buffer again.
    if (piece.length > 0) pieces.push(Buffer.from(piece));
    length += piece.length;
  }
  if (length > 0) yield Buffer.concat(pieces);
}

async function* read(
  file: FileHandle,
  key: Buffer,
  size: number,
  { from, to }: Range,
): AsyncGenerator<Buffer> {
  if (to > size) throw new Failure('file-changed', 'Cannot read what was kept aside: it is shorter');
  for (let at = from; at < to; ) {
    const number = Math.floor(at / SEGMENT);
    const start = number * SEGMENT;
    const segment = await readSegment(file, key, number, Math.min(SEGMENT, size - start));
    const piece = segment.subarray(at - start, to - start);
    at += piece.length;
    yield piece;
  }
}

async function readSegment(file: FileHandle, key: Buffer, number: number, size: number): Promise<Buffer> {
  const sealed = Buffer.allocUnsafe(messageSize({ size }));
  for (let at = 0; at < sealed.length; ) {
    const position = number * messageSize({ size: SEGMENT }) + at;
    const { bytesRead } = await file.read(sealed, at, sealed.length - at, position);
    if (bytesRead === 0)
      throw new Failure('file-changed', 'Cannot read what was kept aside: it is shorter than it was');
    at += bytesRead;
  }
  return openMessage(key, contextOf(number), sealed, size);
}

/** Segments are not exchanged unnoticed. */
function contextOf(number: number): Buffer {
  return Buffer.from(`spool ${number}`);
}
