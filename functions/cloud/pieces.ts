import type { Range } from '../envelope/layout';
import type { Retry } from './calls';

/** All that a stream has to give. */
export async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The bytes of a range, half-open. What breaks off goes on where it was: `begin` asks for all from there on. */
export async function* resumed(
  retry: Retry,
  { from, to }: Range,
  begin: (at: number) => AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  let pieces: AsyncGenerator<Buffer> | undefined;
  let at = from;
  const next = async () => {
    try {
      pieces ??= begin(at);
      return await pieces.next();
    } catch (error) {
      pieces = undefined;
      throw error;
    }
  };
  try {
    while (at < to) {
      const { done, value } = await retry(next);
      if (done) return;
      at += value.length;
      yield value;
    }
  } finally {
    // Not waited for: it may be stuck when the time is over.
    pieces?.return(undefined).catch(() => {});
  }
}
