import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Range } from '../../functions/envelope/layout';
import { asFailure, Failure } from '../terminal/failure';
import { spool } from './spool';

/** Bytes that can be read anywhere, and again: a file, an object, or what a pipe gave, kept aside. */
export type Input = {
  /** Without folders; what the thing is called. */
  name: string;
  size: number;
  modifiedAt: Date;
  /** Half-open. Throws `file-changed` where the bytes are not there any more, or are others. */
  read(range: Range): AsyncGenerator<Buffer>;
  close(): Promise<void>;
};

const PIECE = 1_048_576;

/** A pipe that nobody writes to would be waited for before it can be told from a file. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * A regular file. Each reading ends with a look at its size and time: one that was written to meanwhile is refused
 * (`file-changed`). One that has another size than it says, as those of /proc, is kept aside first. Throws `file-missing`,
 * `file-unreadable`.
 */
export async function fileInput(path: string): Promise<Input> {
  const unreadable = (error: unknown) => {
    throw asFailure(error, { doing: `read ${path}` });
  };
  const file = await open(path, WITHOUT_WAITING).catch(unreadable);
  try {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile()) throw noFile(path, stat);
    const [name, size] = [basename(path), Number(stat.size)];
    if (!(await isSize(file, size))) return await keptAside({ file, path, stat }, name);
    const read = (range: Range) => readFile({ file, path, stat }, range);
    return { name, size, modifiedAt: stat.mtime, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    return unreadable(error);
  }
}

function noFile(path: string, stat: BigIntStats): Failure {
  const why = stat.isDirectory() ? 'it is a directory' : 'it is no file';
  return new Failure('file-unreadable', `Cannot read ${path}: ${why}`, {
    todo: 'name a file; what a pipe or a device gives is read from standard input, as -',
  });
}

/** Whether a file ends after so many bytes, as far as its last byte tells. */
export async function isSize(file: FileHandle, size: number): Promise<boolean> {
  const { bytesRead } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 1));
  return bytesRead === Math.min(size, 1);
}

async function keptAside(opened: Opened, name: string): Promise<Input> {
  const kept = await spool(readFile(opened, { from: 0, to: Number.POSITIVE_INFINITY }), name);
  await opened.file.close();
  return { ...kept, modifiedAt: opened.stat.mtime };
}

type Opened = { file: FileHandle; path: string; stat: BigIntStats };

/** To the end of the file, where that is before `to` and no end was asked for. */
async function* readFile({ file, path, stat }: Opened, { from, to }: Range): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at).catch((error) => {
      throw asFailure(error, { doing: `read ${path}` });
    });
    if (bytesRead === 0 && to === Number.POSITIVE_INFINITY) break;
    if (bytesRead === 0) throw changed(path, 'it is shorter than it was');
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
  if (isOther(stat, await file.stat({ bigint: true }))) throw changed(path, 'somebody wrote to it meanwhile');
}

/** Whether a file was written to between two looks. */
export function isOther(before: BigIntStats, now: BigIntStats): boolean {
  return now.size !== before.size || now.mtimeNs !== before.mtimeNs;
}

export function changed(path: string, why: string): Failure {
  return new Failure('file-changed', `Cannot read ${path}: ${why}`);
}
