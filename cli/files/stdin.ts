import { type BigIntStats, createReadStream, fstatSync, statSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { devNull } from 'node:os';
import { addAbortSignal, type Readable } from 'node:stream';
import { asFailure, Failure } from '../terminal/failure';
import { changed, isOther } from './input';

/** What standard input is called where a name is needed. */
export const STDIN = 'stdin';

/** Standard input, to its end or to Ctrl-C. Throws `file-unreadable`, and `file-changed` where it is a file that is written to. */
export async function* readStdin(interrupted: AbortSignal): AsyncGenerator<Buffer> {
  try {
    const before = fstatSync(0, { bigint: true });
    if (isClosed(before)) throw closed();
    for await (const piece of addAbortSignal(interrupted, stdinStream())) yield piece as Buffer;
    if (before.isFile() && isOther(before, fstatSync(0, { bigint: true })))
      throw changed('standard input', 'somebody wrote to it meanwhile');
  } catch (error) {
    throw asFailure(error, { doing: 'read standard input' });
  }
}

/** What Node does not know, a block device or a directory, would be a stream that ends at once. */
function stdinStream(): Readable {
  if (process.stdin instanceof Socket) return process.stdin;
  return createReadStream('', { fd: 0, autoClose: false });
}

/** Node puts a null device in the place of what is closed, open for writing as well; one that was given is for reading. */
function isClosed(stdin: BigIntStats): boolean {
  if (!stdin.isCharacterDevice() || stdin.rdev !== statSync(devNull, { bigint: true }).rdev) return false;
  try {
    writeSync(0, Buffer.alloc(0));
    return true;
  } catch {
    return false;
  }
}

function closed(): Failure {
  return new Failure('file-unreadable', 'Cannot read standard input: it is closed', {
    todo: 'give it a file or a pipe; < /dev/null is nothing at all',
  });
}

/** The same where its size is known beforehand. Throws `size-differs`. */
export function readStdinOf(size: number, interrupted: AbortSignal): AsyncGenerator<Buffer> {
  return ofSize(size, readStdin(interrupted));
}

/** Pieces of standard input, `size` bytes in all. Throws `size-differs`, before a byte too many is let through. */
export async function* ofSize(size: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > size) throw differs(`it has more than ${size} bytes`);
    yield piece;
  }
  if (bytes < size) throw differs(`it has ${bytes} bytes and not ${size}`);
}

function differs(why: string): Failure {
  return new Failure('size-differs', `Cannot read standard input: ${why}`);
}
