import { addAbortSignal } from 'node:stream';
import { asFailure, Failure } from '../terminal/failure';

/** What standard input is called where a name is needed. */
export const STDIN = 'stdin';

/** Standard input, to its end or to Ctrl-C. Throws `file-unreadable`. */
export async function* readStdin(interrupted: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const piece of addAbortSignal(interrupted, process.stdin)) yield piece as Buffer;
  } catch (error) {
    throw asFailure(error, { doing: 'read standard input' });
  }
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
