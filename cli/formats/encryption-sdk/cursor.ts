import type { FormatInput, FormatName } from '../format';
import { cutShort, notOfFormat } from '../refusals';

const WINDOW = 4096;

/** Bytes of a header: a context has 32,767 at most, each wrapped key a few hundred. */
const HEADER_MAX = 65_536;

/** Reads the fields of a header in their order, without reading what is between them. */
export type Cursor = {
  /** Where the next field begins. */
  readonly at: number;
  /** Throws `input-truncated`; `format-wrong` where it is too long for a field of a header. */
  take(bytes: number): Promise<Buffer>;
  /** Passes over bytes that need not be there. */
  skip(bytes: number): void;
  wrong(why: string): Error;
};

export function createCursor(input: FormatInput, name: FormatName): Cursor {
  let [window, start, at, taken] = [Buffer.alloc(0), 0, 0, 0];
  const wrong = (why: string) => notOfFormat(name, why);
  async function take(bytes: number): Promise<Buffer> {
    taken += bytes;
    if (taken > HEADER_MAX) throw wrong('its header is too long');
    const to = at + bytes;
    if (to > input.size) throw cutShort(name, `it ends after ${input.size} bytes, within its header`);
    if (at < start || to > start + window.length) {
      window = await read(input, at, Math.max(WINDOW, bytes));
      start = at;
    }
    const field = Buffer.from(window.subarray(at - start, to - start));
    at = to;
    return field;
  }
  return {
    get at() {
      return at;
    },
    take,
    skip(bytes) {
      at += bytes;
    },
    wrong,
  };
}

async function read(input: FormatInput, from: number, bytes: number): Promise<Buffer<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  for await (const piece of input.read({ from, to: Math.min(input.size, from + bytes) })) pieces.push(piece);
  return Buffer.concat(pieces);
}
