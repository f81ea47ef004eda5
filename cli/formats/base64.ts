import { collect } from '../../functions/cloud/pieces';
import type { Range } from '../../functions/envelope/layout';
import type { Input } from '../files/input';
import { withoutSpaces } from './text';

/** The bytes of standard base64 with padding, without line breaks, unused bits zero; undefined where the text is not that. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Bytes that lie in an input as base64, with spaces and line breaks anywhere in it. */
export type Encoded = {
  /** Decoded, as far as begin and end tell; undefined where something else stands among their characters. */
  size: number | undefined;
  /** Whether its begin and its end look like base64. */
  isLikely: boolean;
  /** Decoded from the begin, anew each time, but for so many bytes at the begin and at the end. */
  read(but?: { first?: number; last?: number }): AsyncGenerator<Buffer>;
};

type Reading = {
  wrong: () => Error;
  /** It ends within four characters: by default, `wrong`. */
  cut?: () => Error;
  /** Passes over what is no character of base64, as Python does. Only where a tag proves what remains. */
  isLenient?: boolean;
  /** Gets the names of what was passed over. */
  skipped: Set<string>;
};

/** Characters that are looked at, at the begin and at the end. */
const WINDOW = 4096;

/** `text`: where the base64 lies, half-open. Throws `wrong` and `cut`, both here where the text is short. */
export async function encodedIn(input: Pick<Input, 'read'>, text: Range, reading: Reading): Promise<Encoded> {
  const begin = await textIn(input, { from: text.from, to: Math.min(text.to, text.from + WINDOW) });
  const end = await textIn(input, { from: Math.max(text.from, text.to - WINDOW), to: text.to });
  const isLikely = /^[A-Za-z0-9+/ \t\r\n]*[= \t\r\n]*$/.test(begin) && /^[A-Za-z0-9+/= \t\r\n]*$/.test(end);
  const isShort = begin.length === text.to - text.from;
  const characters = isShort ? begin.replace(/[ \t\r\n]/g, '').length : text.to - text.from;
  if (isShort && isLikely && characters % 4 !== 0) throw (reading.cut ?? reading.wrong)();
  const isPlain = isLikely && characters % 4 === 0 && (isShort || !/[ \t\r\n]/.test(begin + end));
  return {
    size: isPlain ? (characters / 4) * 3 - (end.match(/=/g)?.length ?? 0) : undefined,
    isLikely,
    read: ({ first = 0, last = 0 } = {}) => within(decoded(input.read(text), reading), first, last),
  };
}

async function* decoded(
  pieces: AsyncIterable<Buffer>,
  { wrong, cut = wrong, isLenient = false, skipped }: Reading,
): AsyncGenerator<Buffer> {
  let [rest, isPadded] = ['', false];
  for await (const piece of pieces) {
    const text = withoutSpaces(piece.toString('latin1'), skipped);
    const characters = rest + (isLenient ? withoutOthers(text, skipped) : text);
    const whole = characters.length - (characters.length % 4);
    rest = characters.slice(whole);
    if (whole === 0) continue;
    const bytes = decodeBase64(characters.slice(0, whole));
    // Padding stands at the end only.
    if (!bytes || isPadded) throw wrong();
    isPadded = bytes.length < (whole / 4) * 3;
    yield bytes;
  }
  if (rest !== '') throw isPadded ? wrong() : cut();
}

function withoutOthers(text: string, skipped: Set<string>): string {
  const characters = text.replace(/[^A-Za-z0-9+/=]+/g, '');
  if (characters.length < text.length) skipped.add('characters that are not of base64');
  return characters;
}

/** All but so many bytes at the begin and at the end. */
async function* within(pieces: AsyncIterable<Buffer>, first: number, last: number): AsyncGenerator<Buffer> {
  let skip = first;
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const rest = piece.subarray(skip);
    skip -= piece.length - rest.length;
    const all = last === 0 ? rest : Buffer.concat([held, rest]);
    const end = Math.max(0, all.length - last);
    if (end > 0) yield all.subarray(0, end);
    held = all.subarray(end);
  }
}

export async function bytesIn(pieces: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const piece of pieces) bytes += piece.length;
  return bytes;
}

/** As Latin-1: one character for each byte. */
export async function textIn(input: Pick<Input, 'read'>, range: Range): Promise<string> {
  return (await collect(input.read(range))).toString('latin1');
}
