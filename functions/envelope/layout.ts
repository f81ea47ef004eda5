/** Sizes and offsets of an envelope, in bytes. Arithmetic only: no crypto, no I/O. */

/** Plaintext bytes of every chunk but the last, which is always shorter. */
export const CHUNK = 16_384;
const TAG = 16;
/** Bytes that a full chunk takes in the envelope. */
export const SEALED_CHUNK = CHUNK + TAG;
export const SALT = 24;
export const COMMITMENT = 32;
/** A message starts with its salt and its commitment. */
export const MESSAGE_PREFIX = SALT + COMMITMENT;

/** The header's length is a multiple of this … */
export const HEADER_BLOCK = 4096;
/** … and at most this. */
export const HEADER_MAX = 65_536;

/** OSS limits (developer guide, "Limits"): decimal where the documentation leaves room, so both readings hold. */
export const PARTS_MAX = 10_000;
export const PART_MIN = 102_400;
export const PART_MAX = 5_000_000_000;
/** The most plaintext a part may be asked to hold. */
export const PREFERRED_MAX = 1_073_741_824;
/** The largest object that is sealed: 48.8 TB. */
export const PLAINTEXT_MAX = 48_800_000_000_000;

/** A plaintext, as far as its sizes follow from it. */
export type Plaintext = { size: number };

/** Half-open: `from` is in, `to` is not. */
export type Range = { from: number; to: number };

/** A run of chunks, moved as one part of a multipart upload. Numbers start at 1. */
export type Part = { number: number; chunks: Range; plaintext: Range };

/** Chunks of a plaintext: the last is shorter than CHUNK, so a multiple of CHUNK ends in an empty one. */
export function chunkCount({ size }: Plaintext): number {
  return Math.floor(size / CHUNK) + 1;
}

/** Size of a message (salt, commitment, sealed chunks) for a plaintext. */
export function messageSize(plaintext: Plaintext): number {
  return MESSAGE_PREFIX + plaintext.size + TAG * chunkCount(plaintext);
}

/** The plaintext size of a message, or undefined where no plaintext has a message of this size. */
export function plaintextSize(messageBytes: number): number | undefined {
  const sealed = messageBytes - MESSAGE_PREFIX;
  const size = sealed - TAG * (Math.floor(sealed / SEALED_CHUNK) + 1);
  return Number.isSafeInteger(size) && size >= 0 && messageSize({ size }) === messageBytes ? size : undefined;
}

/** Size of an envelope: header and body. */
export function envelopeSize(headerLength: number, plaintext: Plaintext): number {
  return headerLength + messageSize(plaintext);
}

/** Bytes of plaintext in a run of chunks. */
export function plaintextOf(chunks: Range, { size }: Plaintext): Range {
  return { from: Math.min(chunks.from * CHUNK, size), to: Math.min(chunks.to * CHUNK, size) };
}

/** Where a run of sealed chunks lies in the envelope. */
export function envelopeRange(headerLength: number, chunks: Range, plaintext: Plaintext): Range {
  const body = headerLength + MESSAGE_PREFIX;
  const { from, to } = plaintextOf(chunks, plaintext);
  return { from: body + from + TAG * chunks.from, to: body + to + TAG * chunks.to };
}

/** The chunks that hold a byte range of the plaintext; the last chunk for an empty range at the end. */
export function chunksOf(range: Range, plaintext: Plaintext): Range {
  const from = Math.floor(range.from / CHUNK);
  const to = Math.max(from + 1, Math.ceil(range.to / CHUNK));
  return { from, to: Math.min(to, chunkCount(plaintext)) };
}

/**
 * Parts for a plaintext: equal runs of chunks of about `preferred` bytes, larger only where 10,000 parts would
 * not do. The last part also takes the empty chunk that ends a multiple of CHUNK.
 * Throws RangeError for a size that is negative, fractional or above PLAINTEXT_MAX, and for a `preferred` outside PART_MIN to PREFERRED_MAX.
 */
export function planParts({ size }: Plaintext, preferred: number): Part[] {
  if (!Number.isSafeInteger(size) || size < 0 || size > PLAINTEXT_MAX) {
    throw new RangeError(`Cannot plan parts for ${size} bytes: the limit is ${PLAINTEXT_MAX}`);
  }
  if (!(preferred >= PART_MIN && preferred <= PREFERRED_MAX)) {
    throw new RangeError(`Cannot plan parts of ${preferred} bytes: give ${PART_MIN} to ${PREFERRED_MAX}`);
  }
  const chunksPerPart = Math.max(Math.ceil(preferred / CHUNK), Math.ceil(size / CHUNK / PARTS_MAX));
  const count = Math.max(1, Math.ceil(size / (chunksPerPart * CHUNK)));
  return Array.from({ length: count }, (_, index) => {
    const last = index === count - 1;
    const chunks = {
      from: index * chunksPerPart,
      to: last ? chunkCount({ size }) : (index + 1) * chunksPerPart,
    };
    return { number: index + 1, chunks, plaintext: plaintextOf(chunks, { size }) };
  });
}
