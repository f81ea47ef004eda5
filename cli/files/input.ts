import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Range } from '../../functions/envelope/layout';
import { asFailure, Failure } from '../terminal/failure';

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
 * (`file-changed`). Throws `file-missing`, `file-unreadable`.
 */
export async function openFile(path: string): Promise<Input> {
  const unreadable = (error: unknown) => {
    throw asFailure(error, { doing: `read ${path}` });
  };
  const file = await open(path, WITHOUT_WAITING).catch(unreadable);
  const stat = await file.stat({ bigint: true });
  if (!stat.isFile()) {
    await file.close();
    const why = stat.isDirectory() ? 'it is a directory' : 'it is no file';
    throw new Failure('file-unreadable', `Cannot read ${path}: ${why}`, {
      todo: 'name a file; what a pipe gives is read from standard input, as -',
    });
  }
  return {
    name: basename(path),
    size: Number(stat.size),
    modifiedAt: stat.mtime,
    read: (range) => readFile({ file, path, stat }, range),
    close: () => file.close(),
  };
}

type Opened = { file: FileHandle; path: string; stat: BigIntStats };

async function* readFile({ file, path, stat }: Opened, { from, to }: Range): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at).catch((error) => {
      throw asFailure(error, { doing: `read ${path}` });
    });
    if (bytesRead === 0) throw changed(path, 'it is shorter than it was');
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
  const now = await file.stat({ bigint: true });
  if (now.size !== stat.size || now.mtimeNs !== stat.mtimeNs)
    throw changed(path, 'somebody wrote to it meanwhile');
}

function changed(path: string, why: string): Failure {
  return new Failure('file-changed', `Cannot read ${path}: ${why}`);
}
