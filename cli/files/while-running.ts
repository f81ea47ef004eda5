import { interruption } from '../terminal/failure';

/** The same pieces, until Ctrl-C: reading a file makes no calls that it would break off. Throws `interrupted`. */
export async function* whileRunning(
  interrupted: AbortSignal,
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    if (interrupted.aborted) throw interruption();
    yield piece;
  }
}
