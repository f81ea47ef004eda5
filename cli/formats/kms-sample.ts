import { bytesIn } from './base64';
import { checkDataKey, gcmUnsealer } from './ciphers';
import { eaxUnsealer } from './eax';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { type Lines, readLines, SAMPLE, TAG } from './kms-sample/lines';
import { unlessRefused } from './refusals';
import { factOf } from './text';
import { verifiedTwice } from './verified-twice';
import { keyVersionIn } from './wrapped-key';

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
  name: SAMPLE,
  title: "lines of base64, as Alibaba's samples of envelope encryption write them (AES-EAX or AES-GCM)",
  isAuthenticated: async () => true,
  recognise,
  plaintextSize: async (input) => bytesIn(ciphertextIn(await readLines(input, new Set()))),
  open,
};

async function* open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  const lines = await readLines(input, tools.skipped ?? new Set());
  const { wrappedKey, nonce, tag, hasTagLine } = lines;
  const key = checkDataKey(await tools.decrypt(wrappedKey));
  const gcm = () => gcmUnsealer({ key, nonce, tag });
  const eax = () => eaxUnsealer({ key, nonce, tag });
  try {
    yield* verifiedTwice(() => ciphertextIn(lines), hasTagLine ? [eax, gcm] : [gcm], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

/** Without a line of its own the tag is the end of line 3. */
function ciphertextIn({ ciphertext, hasTagLine }: Lines): AsyncGenerator<Buffer> {
  return ciphertext.read({ last: hasTagLine ? 0 : TAG });
}

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const skipped = new Set<string>();
  const lines = await unlessRefused(readLines(input, skipped));
  if (!lines?.ciphertext.isLikely) return undefined;
  const { wrappedKey, nonce, ciphertext, hasTagLine } = lines;
  const keyVersionId = keyVersionIn(wrappedKey);
  const facts = {
    algorithm: hasTagLine ? 'AES-EAX or AES-GCM' : 'AES-GCM',
    nonceBytes: nonce.length,
    ...(ciphertext.size !== undefined && { bytes: ciphertext.size - (hasTagLine ? 0 : TAG) }),
    ...factOf(skipped),
  };
  const seen = `${hasTagLine ? 'four' : 'three'} lines of base64, the second of ${nonce.length} bytes`;
  if (!keyVersionId) return { sureness: 'likely', why: seen, facts };
  const why = `${seen}, the first as KMS's ciphertexts begin`;
  // Three lines look the same where the end is missing.
  return { sureness: hasTagLine ? 'certain' : 'likely', why, facts: { ...facts, keyVersionId } };
}
