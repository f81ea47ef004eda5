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
  /** Half-open. Throws `file-changed` where the bytes are not there any more. */
  read(range: Range): AsyncGenerator<Buffer>;
  close(): Promise<void>;
};

const PIECE = 1_048_576;

/** A regular file. Throws `file-missing`, `file-unreadable`. */
export async function openFile(path: string): Promise<Input> {
  const file = await open(path).catch((error) => {
    throw asFailure(error, { doing: `read ${path}` });
  });
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new Failure('file-unreadable', `Cannot read ${path}: it is no file`);
  }
  return {
    name: basename(path),
    size: stat.size,
    modifiedAt: stat.mtime,
    read: (range) => readFile(file, path, range),
    close: () => file.close(),
  };
}

async function* readFile(file: FileHandle, path: string, { from, to }: Range): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, to - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw new Failure('file-changed', `Cannot read ${path}: it is shorter than it was`);
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
