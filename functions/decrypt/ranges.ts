import {
  chunksOf,
  PARTS_MAX,
  type Part,
  type Plaintext,
  plaintextOf,
  planParts,
  type Range,
} from '../envelope/layout';
import { Fault } from '../fault';

/**
 * The bytes that an HTTP byte range (`bytes=0-99`, both ends included; `bytes=100-`; `bytes=-100`) means of a plaintext
 * of `size` bytes; all of it without one (RFC 9110, section 14.1.2). Throws `request-invalid` where its ends are the
 * wrong way round, `range-unsatisfiable` where no byte is in it.
 */
export function readRange(text: string | undefined, size: number): Range {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? 'bytes=0-') ?? [];
  if (text === undefined) return { from: 0, to: size };
  if (first === '') return suffix(Number(last), size);
  const from = Number(first);
  const end = last === '' ? Number.POSITIVE_INFINITY : Number(last);
  if (end < from) throw backwards();
  if (from >= size) throw unsatisfiable(size);
  return { from, to: Math.min(end + 1, size) };
}

function suffix(length: number, size: number): Range {
  if (length === 0) throw unsatisfiable(size);
  return { from: Math.max(0, size - length), to: size };
}

/** What of a part's opened chunks belongs to the range: bytes of the plaintext. */
export type Slice = Part;

/**
 * Parts for a range of a plaintext: each at least `preferred` bytes but the last, ends at chunks, no more than 10,000.
 * The whole is planned as it was sealed, with the chunk that ends it.
 */
export function planSlices(range: Range, whole: Plaintext, preferred: number): Slice[] {
  if (range.from === 0 && range.to === whole.size) return planParts(whole, preferred);
  const least = Math.max(preferred, Math.ceil((range.to - range.from) / PARTS_MAX));
  const slices: Slice[] = [];
  for (let from = range.from; from < range.to; ) {
    const { to } = plaintextOf(chunksOf({ from, to: from + least }, whole), whole);
    const plaintext = { from, to: Math.min(to, range.to) };
    slices.push({ number: slices.length + 1, chunks: chunksOf(plaintext, whole), plaintext });
    from = plaintext.to;
  }
  return slices;
}

/** Cuts the opened chunks of a slice, which begin at a chunk's begin, down to the slice. */
export async function* cut({ chunks, plaintext }: Slice, whole: Plaintext, opened: AsyncIterable<Buffer>) {
  let at = plaintextOf(chunks, whole).from;
  for await (const piece of opened) {
    const from = Math.max(0, plaintext.from - at);
    const to = Math.max(from, Math.min(piece.length, plaintext.to - at));
    at += piece.length;
    if (to > from) yield piece.subarray(from, to);
  }
}

function backwards(): Fault {
  return new Fault('request-invalid', 'Cannot read the request: field "range" ends before it begins');
}

function unsatisfiable(size: number): Fault {
  return new Fault('range-unsatisfiable', `Cannot open this range: the object has ${size} bytes`);
}
