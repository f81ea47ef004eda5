import { collect } from '../../functions/cloud/objects';
import type { Range } from '../../functions/envelope/layout';
import type { Input } from '../files/input';

/** The bytes of standard base64 with padding, without line breaks, unused bits zero; undefined where the text is not that. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Bytes that lie in an input as base64. */
export type Encoded = {
  /** Decoded. */
  size: number;
  /** `range` is of decoded bytes, half-open. Throws `wrong()` where the text is no base64. */
  read(range: Range): AsyncGenerator<Buffer>;
};

/** `text`: where the base64 lies, half-open. Its length must be a multiple of 4. Reads its last four characters. */
export async function encodedIn(
  input: Pick<Input, 'read'>,
  text: Range,
  wrong: () => Error,
): Promise<Encoded> {
  const length = text.to - text.from;
  const end = await textIn(input, { from: Math.max(text.from, text.to - 4), to: text.to });
  const last = decodeBase64(end);
  if (!last || length % 4 !== 0) throw wrong();
  const size = length === 0 ? 0 : (length / 4 - 1) * 3 + last.length;
  return { size, read: (range) => decoded(input, text, range, { size, wrong }) };
}

async function* decoded(
  input: Pick<Input, 'read'>,
  text: Range,
  { from, to }: Range,
  { size, wrong }: { size: number; wrong: () => Error },
): AsyncGenerator<Buffer> {
  const quanta = { from: Math.floor(from / 3), to: Math.ceil(to / 3) };
  let at = quanta.from * 3;
  const chars = { from: text.from + quanta.from * 4, to: text.from + quanta.to * 4 };
  for await (const quad of quadsOf(input.read(chars))) {
    const bytes = decodeBase64(quad);
    // Padding stands at the end only.
    if (bytes?.length !== Math.min((quad.length / 4) * 3, size - at)) throw wrong();
    const piece = bytes.subarray(Math.max(0, from - at), Math.max(0, to - at));
    at += bytes.length;
    if (piece.length > 0) yield piece;
  }
}

/** Text in pieces of a multiple of four characters; what is left over at the end is not yielded. */
async function* quadsOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + piece.toString('latin1');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    if (whole > 0) yield text.slice(0, whole);
  }
}

/** As Latin-1: one character for each byte. */
export async function textIn(input: Pick<Input, 'read'>, range: Range): Promise<string> {
  return (await collect(input.read(range))).toString('latin1');
}
