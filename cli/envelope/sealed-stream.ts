import { plaintextIn } from '../../functions/envelope/envelope';
import { envelopeSize } from '../../functions/envelope/layout';
import { Failure } from '../terminal/failure';
import { type Looked, lookAtStart, type Sealed, START } from './look-at';

/** An envelope that comes once and in order: its body can be read from its beginning to its end, and not again. */
export type SealedStream = { sealed: Sealed; looked: Looked };

/** Reads as far as the header needs. Throws `format-unknown`, `input-truncated`, `cannot-open`. */
export async function sealedStream(source: AsyncIterable<Buffer>, name: string): Promise<SealedStream> {
  const pieces = source[Symbol.asyncIterator]();
  const start = await startOf(pieces);
  const looked = lookAtStart(start, { size: undefined, name });
  const { header } = looked;
  const size = envelopeSize(header.length, plaintextIn(header));
  async function* read({ from }: { from: number }): AsyncGenerator<Buffer> {
    let bytes = start.length;
    yield start.subarray(from);
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      bytes += next.value.length;
      yield next.value;
    }
    if (bytes >= size) return;
    throw new Failure(
      'input-truncated',
      `Cannot open ${name}: its end is missing, ${bytes} of ${size} bytes came`,
    );
  }
  return { sealed: { name, size, read }, looked };
}

async function startOf(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  const start: Buffer[] = [];
  for (let length = 0; length < START; ) {
    const next = await pieces.next();
    if (next.done) break;
    start.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(start);
}
