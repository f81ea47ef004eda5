import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createCRC64 } from 'hash-wasm';
import { OssError } from '../wire/errors';
import { syncFolder } from './records';

const MiB = 1024 ** 2;

/** PutObject and UploadPart take at most 5 GB in one request (OSS docs, "Limits"). */
export const largestBody = 5 * 1024 ** 3;

/** A file in the bucket's blobs folder; an object is a list of them. Size in bytes. */
export type BlobFile = { id: string; size: number };

/** What came in: the file, its MD5 in upper-case hex and its CRC-64/XZ in decimal. */
export type ReceivedBlob = { blob: BlobFile; md5: string; crc64: string };

/** Inclusive byte offsets. */
export type Range = { start: number; end: number };

/** Bytes to be sent; `release` must be called once, whether they were read or not. */
export type Reading = { bytes: AsyncIterable<Buffer>; release: () => Promise<void> };

export type Blobs = {
  /** Stores a whole body, or nothing. Throws EntityTooLarge, or the source's error when it is cut off. */
  receive(source: AsyncIterable<Buffer>): Promise<ReceivedBlob>;
  /** Reads the bytes of a range of an object; its blobs stay until released, even if removed meanwhile. */
  read(blobs: BlobFile[], range: Range): Reading;
  remove(blobs: BlobFile[]): Promise<void>;
  /** Gives these blobs a further name each, in the same bucket or another: the bytes are not copied. */
  share(blobs: BlobFile[], into: Blobs): Promise<BlobFile[]>;
  /** Takes in a file under a new name beside its old one; returns the name. */
  adopt(path: string): Promise<string>;
  /** Removes every file that is not one of these: orphans and half-written ones. */
  keepOnly(ids: ReadonlySet<string>): Promise<void>;
};

/** The blobs of one bucket. */
export function createBlobs(folder: string): Blobs {
  const readers = new Map<string, number>();
  const doomed = new Set<string>();

  async function receive(source: AsyncIterable<Buffer>): Promise<ReceivedBlob> {
    const id = randomUUID();
    const temp = join(folder, `${id}.tmp`);
    const meter = await createMeter();
    const file = createWriteStream(temp, { flags: 'wx', mode: 0o600, flush: true, highWaterMark: MiB });
    const closed = new Promise<void>((resolve) => file.once('close', resolve));
    try {
      await pipeline(source, meter.count, file);
      await rename(temp, join(folder, id));
      await syncFolder(folder);
    } catch (error) {
      // A file that is still being opened would appear after its removal.
      await closed;
      await rm(temp, { force: true });
      throw error;
    }
    const { size, md5, crc64 } = meter.result();
    return { blob: { id, size }, md5, crc64 };
  }

  function read(blobs: BlobFile[], range: Range): Reading {
    for (const { id } of blobs) readers.set(id, (readers.get(id) ?? 0) + 1);
    return { bytes: bytesOf(folder, blobs, range), release: () => release(blobs) };
  }

  async function release(blobs: BlobFile[]): Promise<void> {
    for (const { id } of blobs) readers.set(id, (readers.get(id) ?? 1) - 1);
    const unread = blobs.filter(({ id }) => readers.get(id) === 0);
    for (const { id } of unread) readers.delete(id);
    // A blob that survives this is an orphan, and goes at the next start.
    await remove(unread.filter(({ id }) => doomed.has(id))).catch(() => {});
  }

  async function remove(blobs: BlobFile[]): Promise<void> {
    for (const { id } of blobs) {
      doomed.add(id);
      if (readers.has(id)) continue;
      await rm(join(folder, id), { force: true });
      doomed.delete(id);
    }
  }

  async function share(blobs: BlobFile[], into: Blobs): Promise<BlobFile[]> {
    const held = read(blobs, { start: 0, end: -1 });
    try {
      const shared: BlobFile[] = [];
      for (const { id, size } of blobs) shared.push({ id: await into.adopt(join(folder, id)), size });
      return shared;
    } finally {
      await held.release();
    }
  }

  async function adopt(path: string): Promise<string> {
    const id = randomUUID();
    await link(path, join(folder, id));
    await syncFolder(folder);
    return id;
  }

  async function keepOnly(ids: ReadonlySet<string>): Promise<void> {
    const orphans = (await readdir(folder)).filter((name) => !ids.has(name));
    for (const name of orphans) await rm(join(folder, name), { force: true });
  }

  return { receive, read, remove, share, adopt, keepOnly };
}

async function* bytesOf(folder: string, blobs: BlobFile[], range: Range): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const { id, size } of blobs) {
    const start = Math.max(range.start - offset, 0);
    const end = Math.min(range.end - offset, size - 1);
    offset += size;
    if (start <= end) yield* wholeOf(join(folder, id), { start, end });
  }
}

/** A body that ends early would be waited for: its length has been told. */
async function* wholeOf(path: string, { start, end }: Range): AsyncGenerator<Buffer> {
  let missing = end - start + 1;
  for await (const piece of createReadStream(path, { start, end, highWaterMark: MiB })) {
    missing -= piece.length;
    yield piece;
  }
  if (missing > 0) throw new Error(`Cannot read ${path}: ${missing} bytes are missing`);
}

async function createMeter() {
  const hash = createHash('md5');
  const crc = (await createCRC64()).init();
  let size = 0;

  async function* count(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > largestBody) throw new OssError('EntityTooLarge');
      hash.update(chunk);
      crc.update(chunk);
      yield chunk;
    }
  }

  function result() {
    const md5 = hash.digest('hex').toUpperCase();
    return { size, md5, crc64: BigInt(`0x${crc.digest('hex')}`).toString() };
  }

  return { count, result };
}
