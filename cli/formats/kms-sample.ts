import { collect } from '../../functions/cloud/objects';
import type { Range } from '../../functions/envelope/layout';
import { decodeBase64, type Encoded, encodedIn, textIn } from './base64';
import { checkDataKey, gcmUnsealer } from './ciphers';
import { eaxUnsealer } from './eax';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { cutShort, notOfFormat, unlessRefused } from './refusals';
import { verifiedTwice } from './verified-twice';
import { keyVersionIn, mayBeBlob } from './wrapped-key';

const NAME = 'kms-sample';
/** Lines 1 and 2 are in the first bytes, line 4 in the last. */
const FIRST = 16_384;
const LAST = 64;
const TAG = 16;
/** As far as it goes. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * What Alibaba's samples of envelope encryption write: lines of base64, the wrapped data key as KMS returned it, nonce,
 * ciphertext, tag. No encryption context. Three generations have it:
 * - the document "Use envelope encryption to encrypt and decrypt local data" (alibabacloud.com/help/doc-detail/131058.html):
 *   four lines, AES-EAX with a nonce of 16 bytes;
 * - its Python programs in github.com/aliyun/alibabacloud-kms-demo: four lines, AES-GCM with a nonce of 16 bytes;
 * - its Java and Go programs there: three lines, AES-GCM with a nonce of 12 bytes, the tag at the end of line 3.
 * No file says which cipher: the one whose tag verifies.
 */
export const kmsSample: Format = {
  name: NAME,
  title: "lines of base64, as Alibaba's samples of envelope encryption write them (AES-EAX or AES-GCM)",
  isAuthenticated: async () => true,
  recognise,
  plaintextSize: async (input) => sizeOf(await readLines(input)),
  open,
};

type Lines = {
  wrappedKey: string;
  nonce: Buffer;
  /** Of line 3. */
  ciphertext: Encoded;
  tag: Buffer;
  hasTagLine: boolean;
};

async function* open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  const lines = await readLines(input);
  const { wrappedKey, nonce, ciphertext, tag, hasTagLine } = lines;
  const key = checkDataKey(await tools.decrypt(wrappedKey));
  const gcm = () => gcmUnsealer(key, nonce, tag);
  const eax = () => eaxUnsealer(key, nonce, tag);
  const range = { from: 0, to: sizeOf(lines) };
  try {
    yield* verifiedTwice(() => ciphertext.read(range), hasTagLine ? [eax, gcm] : [gcm], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

/** Without a line of its own the tag is the end of line 3. */
function sizeOf({ ciphertext, hasTagLine }: Lines): number {
  return ciphertext.size - (hasTagLine ? 0 : TAG);
}

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const lines = await unlessRefused(readLines(input));
  if (!lines) return undefined;
  const { wrappedKey, nonce, hasTagLine } = lines;
  const keyVersionId = keyVersionIn(wrappedKey);
  const facts = {
    algorithm: hasTagLine ? 'AES-EAX or AES-GCM' : 'AES-GCM',
    nonceBytes: nonce.length,
    bytes: sizeOf(lines),
  };
  const seen = `${hasTagLine ? 'four' : 'three'} lines of base64, the second of ${nonce.length} bytes`;
  if (!keyVersionId) return { sureness: 'likely', why: seen, facts };
  const why = `${seen}, the first as KMS's ciphertexts begin`;
  // Three lines look the same where the end is missing.
  return { sureness: hasTagLine ? 'certain' : 'likely', why, facts: { ...facts, keyVersionId } };
}

async function readLines(input: FormatInput): Promise<Lines> {
  const { wrappedKey, nonceText, start } = await readStart(input);
  const { body, tagText } = await readEnd(input, start);
  const nonce = decodeBase64(nonceText);
  if (nonce?.length !== 12 && nonce?.length !== 16)
    throw notOfFormat(NAME, 'line 2 is not 12 or 16 bytes in base64');
  if (tagText === undefined && nonce.length === 16) throw cutShort(NAME, 'line 4, its tag, is missing');
  if (tagText === undefined && (body.to - body.from) % 4 !== 0)
    throw cutShort(NAME, 'line 3 ends in the middle');
  const ciphertext = await encodedIn(input, body, () => notOfFormat(NAME, 'line 3 is no base64'));
  const tag = tagText === undefined ? await tagWithin(ciphertext) : readTag(tagText);
  return { wrappedKey, nonce, ciphertext, tag, hasTagLine: tagText !== undefined };
}

async function readStart(input: FormatInput) {
  const head = await textIn(input, { from: 0, to: Math.min(input.size, FIRST) });
  const [first = '', second, third] = head.split('\n', 3);
  const wrappedKey = withoutReturn(first);
  if (third === undefined && head.length === FIRST)
    throw notOfFormat(NAME, 'its first two lines are too long');
  if (second === undefined && BASE64.test(first)) throw cutShort(NAME, 'it ends in line 1');
  if (!mayBeBlob(wrappedKey)) throw notOfFormat(NAME, 'line 1 is no base64');
  if (second === undefined || third === undefined) throw cutShort(NAME, 'it ends in line 2');
  return { wrappedKey, nonceText: withoutReturn(second), start: first.length + second.length + 2 };
}

/** Where line 3 lies, and line 4 where there is one. */
async function readEnd(input: FormatInput, start: number): Promise<{ body: Range; tagText?: string }> {
  const from = Math.max(start, input.size - LAST);
  const text = await textIn(input, { from, to: input.size });
  const lines = text.replace(/\r?\n$/, '');
  const [before = '', tagText, more] = lines.split('\n');
  if (more !== undefined) throw notOfFormat(NAME, 'it has more than four lines');
  const to = from + withoutReturn(before).length;
  return { body: { from: start, to }, ...(tagText !== undefined && { tagText }) };
}

function readTag(text: string): Buffer {
  if (text.length < 24 && BASE64.test(text)) throw cutShort(NAME, 'line 4 ends in the middle');
  const tag = decodeBase64(text);
  if (tag?.length !== TAG) throw notOfFormat(NAME, 'line 4 is not 16 bytes in base64');
  return tag;
}

async function tagWithin({ size, read }: Encoded): Promise<Buffer> {
  if (size < TAG) throw cutShort(NAME, 'line 3 is shorter than a tag');
  return collect(read({ from: size - TAG, to: size }));
}

/** Python's text mode writes both characters on Windows. */
function withoutReturn(line: string): string {
  return line.replace(/\r$/, '');
}
