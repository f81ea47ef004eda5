import { createHash } from 'node:crypto';
import { collect } from '../../functions/cloud/pieces';
import type { Range } from '../../functions/envelope/layout';
import { Failure } from '../terminal/failure';

/** Plaintext whose size is known, as ranges. */
export type Plaintext = {
  /** Bytes. */
  size: number;
  /**
   * Half-open, each beginning where the one before ended; the latest can be asked for again. Throws `file-changed` where
   * another content comes than was measured, and what opening throws.
   */
  read(range: Range): AsyncGenerator<Buffer>;
};

/** Opens from the begin, anew each time it is called. */
export type Opening = () => AsyncIterable<Buffer>;

/** Ciphertext up to this is opened once, and its plaintext held in memory. */
const WHOLE = 8 * 1_048_576;

export type Known = {
  /** No format holds more plaintext than it has bytes. */
  ciphertextBytes: number;
  /** Of plaintext, where the format tells; asked of what is large. */
  size?: () => Promise<number | undefined>;
};

/**
 * Plaintext that comes from its begin on only, ready to be sealed: a header says its size, which formats with a padding tell
 * at their end. What is large and tells no size is opened twice, to measure it and to seal it; one range of it is in memory
 * at a time.
 */
export async function plaintextOf(open: Opening, { ciphertextBytes, size: told }: Known): Promise<Plaintext> {
  if (ciphertextBytes <= WHOLE) return inMemory(await collect(open()));
  const size = await told?.();
  if (size !== undefined) return inOrder(open, { size });
  const [hash, measured] = [createHash('sha256'), { size: 0 }];
  for await (const piece of open()) {
    hash.update(piece);
    measured.size += piece.length;
  }
  return inOrder(open, { size: measured.size, digest: hash.digest() });
}

function inMemory(content: Buffer): Plaintext {
  return {
    size: content.length,
    async *read({ from, to }) {
      if (to > from) yield content.subarray(from, to);
    },
  };
}

/** `digest`: of what was measured; a format that tells its size was not opened for it. */
type Measured = { size: number; digest?: Buffer };

function inOrder(open: Opening, measured: Measured): Plaintext {
  const pieces = asMeasured(open(), measured);
  const take = createTake(pieces);
  let latest: { from: number; taken: Promise<Buffer[]> } | undefined;
  const takeRange = async ({ from, to }: Range) => {
    const taken = await take(to - from);
    if (to === measured.size && !(await pieces.next()).done) throw changed();
    return taken;
  };
  return {
    size: measured.size,
    async *read(range) {
      if (range.to === range.from) return;
      if (latest?.from !== range.from) latest = { from: range.from, taken: takeRange(range) };
      yield* await latest.taken;
    },
  };
}

/** Keeps a piece back until the next one has come: the last is let go only where all were what was measured. */
async function* asMeasured(
  pieces: AsyncIterable<Buffer>,
  { size, digest }: Measured,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let bytes = 0;
  let held: Buffer | undefined;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    bytes += piece.length;
    if (digest) hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (bytes !== size || (digest && !hash.digest().equals(digest))) throw changed();
  if (held) yield held;
}

/** Takes so many bytes from the front, however they come. */
function createTake(pieces: AsyncGenerator<Buffer>): (bytes: number) => Promise<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const taken: Buffer[] = [];
    for (let missing = bytes; missing > 0; ) {
      if (rest.length === 0) rest = await nextOf(pieces);
      const piece = rest.subarray(0, missing);
      rest = rest.subarray(piece.length);
      missing -= piece.length;
      taken.push(piece);
    }
    return taken;
  };
}

async function nextOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  const { done, value } = await pieces.next();
  if (done) throw changed();
  return value;
}

function changed(): Failure {
  return new Failure('file-changed', 'Cannot seal: its content is another one than a moment ago');
}
