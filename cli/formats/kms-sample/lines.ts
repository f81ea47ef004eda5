import type { Range } from '../../../functions/envelope/layout';
import { decodeBase64, type Encoded, encodedIn, textIn } from '../base64';
import type { FormatInput } from '../format';
import { cutShort, notOfFormat } from '../refusals';
import { type Line, linesIn, withoutMark, withoutSpaces } from '../text';
import { mayBeBlob } from '../wrapped-key';

export const SAMPLE = 'kms-sample';
/** Lines 1 and 2 are in the first bytes, line 4 in the last. */
const FIRST = 16_384;
const LAST = 4096;
export const TAG = 16;
/** As far as it goes. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export type Lines = {
  wrappedKey: string;
  nonce: Buffer;
  /** Of line 3. */
  ciphertext: Encoded;
  tag: Buffer;
  hasTagLine: boolean;
};

/**
 * Reads the begin and the end. Blank lines and spaces are passed over, and wrapped lines joined: the one blank line that
 * counts is a ciphertext of no bytes. Throws `format-wrong`, `input-truncated`.
 */
export async function readLines(input: FormatInput, skipped: Set<string>): Promise<Lines> {
  const { wrappedKey, nonce, third } = await readStart(input, skipped);
  const { body, tag } = await readEnd(input, { nonce, third }, skipped);
  const ciphertext = await encodedIn(input, body, {
    wrong: () => notOfFormat(SAMPLE, 'line 3 is no base64'),
    ...(!tag && { cut: () => cutShort(SAMPLE, 'line 3 ends in the middle') }),
    // Python's programs write a line 4 and pass over such characters, those of Java and Go do neither.
    isLenient: tag !== undefined,
    skipped,
  });
  return {
    wrappedKey,
    nonce,
    ciphertext,
    tag: tag ?? (await tagWithin(input, body)),
    hasTagLine: tag !== undefined,
  };
}

type Start = { wrappedKey: string; nonce: Buffer; third: Line };

async function readStart(input: FormatInput, skipped: Set<string>): Promise<Start> {
  const whole = await textIn(input, { from: 0, to: Math.min(input.size, FIRST) });
  const head = withoutMark(whole, skipped);
  const { lines } = linesIn(head, whole.length - head.length, skipped);
  const at = lines.findIndex((line, index) => index > 0 && nonceIn(line) && isWrapped(lines.slice(0, index)));
  const [nonce, third] = [lines[at] && nonceIn(lines[at]), lines[at + 1]];
  const wrappedKey = lines
    .slice(0, at)
    .map(({ text }) => text)
    .join('');
  if (!nonce || !third || !mayBeBlob(wrappedKey)) throw startRefused(lines, whole.length === FIRST);
  if (at > 1) skipped.add('line breaks');
  if (lines.slice(0, at + 1).some(({ blanks }) => blanks > 0)) skipped.add('blank lines');
  return { wrappedKey, nonce, third };
}

function nonceIn({ text }: Line): Buffer | undefined {
  const nonce = decodeBase64(text);
  return nonce?.length === 12 || nonce?.length === 16 ? nonce : undefined;
}

/** One line, or what was one: all of one length, the last no longer. */
function isWrapped(lines: Line[]): boolean {
  const width = lines[0]?.text.length ?? 0;
  return lines.every(({ text }, index) =>
    index === lines.length - 1 ? text.length <= width : text.length === width,
  );
}

function startRefused([first, second, third]: Line[], isLonger: boolean): Error {
  if (!third && isLonger) return notOfFormat(SAMPLE, 'its first two lines are too long');
  if (!second && BASE64.test(first?.text ?? '')) return cutShort(SAMPLE, 'it ends in line 1');
  if (!first || !mayBeBlob(first.text)) return notOfFormat(SAMPLE, 'line 1 is no base64');
  if (!third) return cutShort(SAMPLE, 'it ends in line 2');
  return notOfFormat(SAMPLE, 'line 2 is not 12 or 16 bytes in base64');
}

/** Where line 3 lies, and what line 4 holds where there is one. */
async function readEnd(
  input: FormatInput,
  { nonce, third }: Pick<Start, 'nonce' | 'third'>,
  skipped: Set<string>,
): Promise<{ body: Range; tag?: Buffer }> {
  const from = Math.max(third.from, input.size - LAST);
  const { lines, blanks } = linesIn(await textIn(input, { from, to: input.size }), from, skipped);
  const last = lines.at(-1);
  if (!last) throw notOfFormat(SAMPLE, `its last ${LAST} bytes are blank`);
  const tag = tagIn(last);
  const isAlone = last.from === third.from;
  const isEmpty = tag !== undefined && isAlone && third.blanks > 0;
  // What comes before the first line here may be half of a line end.
  const passedOver = [blanks, third.blanks - (isEmpty ? 1 : 0), ...lines.slice(1).map((line) => line.blanks)];
  if (passedOver.some((count) => count > 0)) skipped.add('blank lines');
  if (isEmpty) return { body: { from, to: from }, tag };
  if (tag && !isAlone) return { body: { from: third.from, to: lines.at(-2)?.to ?? last.from }, tag };
  if (nonce.length === 16) throw tagRefused(lines);
  return { body: { from: third.from, to: last.to } };
}

function tagIn({ text }: Line): Buffer | undefined {
  const tag = decodeBase64(text);
  return tag?.length === TAG ? tag : undefined;
}

function tagRefused(lines: Line[]): Error {
  const [third, before, last] = [lines.at(-3), lines.at(-2), lines.at(-1)];
  if (!before || !last) return cutShort(SAMPLE, 'line 4, its tag, is missing');
  if (third && tagIn(before)) return notOfFormat(SAMPLE, 'it has more than four lines');
  if (last.text.length < 24 && BASE64.test(last.text)) return cutShort(SAMPLE, 'line 4 ends in the middle');
  return notOfFormat(SAMPLE, 'line 4 is not 16 bytes in base64');
}

async function tagWithin(input: FormatInput, { from, to }: Range): Promise<Buffer> {
  const text = await textIn(input, { from: Math.max(from, to - LAST), to });
  const tag = decodeBase64(withoutSpaces(text, new Set()).slice(-24));
  if (!tag) throw notOfFormat(SAMPLE, 'line 3 is no base64');
  if (tag.length < TAG) throw cutShort(SAMPLE, 'line 3 is shorter than a tag');
  return tag.subarray(-TAG);
}
