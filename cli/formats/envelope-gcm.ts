import { bytesIn, decodeBase64, type Encoded, encodedIn } from './base64';
import { checkDataKey, gcmUnsealer } from './ciphers';
import { eaxUnsealer } from './eax';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { notOfFormat, unlessRefused } from './refusals';
import { contextIn, readFields } from './separated';
import { factOf } from './text';
import { verifiedTwice } from './verified-twice';
import { keyVersionIn, mayBeBlob } from './wrapped-key';

const NAME = 'envelope-gcm';
const [NONCE, TAG] = [16, 16];

/**
 * What alicloud-envelope-encryption of October 2019 writes (github.com/andrewhoulbrook/alicloud-envelope-encryption): one text
 * of five fields with `*---*` between them, ciphertext, wrapped data key, nonce and tag in base64, the encryption context as
 * it was given. AES-GCM with a nonce of 16 bytes at commit f1d2012; its first commit, 7e53134, has AES-EAX in the same layout:
 * the one whose tag verifies.
 */
export const envelopeGcm: Format = {
  name: NAME,
  title:
    'five fields with *---* between them, as alicloud-envelope-encryption of October 2019 writes (AES-GCM or AES-EAX)',
  isAuthenticated: async () => true,
  recognise,
  plaintextSize: async (input) => bytesIn((await readParts(input, new Set())).ciphertext.read()),
  open,
};

type Parts = {
  ciphertext: Encoded;
  wrappedKey: string;
  nonce: Buffer;
  tag: Buffer;
  context: string | undefined;
};

async function* open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  const { ciphertext, wrappedKey, nonce, tag, context } = await readParts(input, tools.skipped ?? new Set());
  const key = checkDataKey(await tools.decrypt(wrappedKey, context));
  const gcm = () => gcmUnsealer({ key, nonce, tag });
  const eax = () => eaxUnsealer({ key, nonce, tag });
  try {
    yield* verifiedTwice(() => ciphertext.read(), [gcm, eax], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const skipped = new Set<string>();
  const parts = await unlessRefused(readParts(input, skipped));
  if (!parts?.ciphertext.isLikely) return undefined;
  const { ciphertext, wrappedKey, context } = parts;
  const keyVersionId = keyVersionIn(wrappedKey);
  return {
    sureness: keyVersionId ? 'certain' : 'likely',
    why: 'base64 of ciphertext, wrapped key, nonce and tag and an encryption context, *---* between them',
    facts: {
      algorithm: 'AES-GCM or AES-EAX',
      ...(ciphertext.size !== undefined && { bytes: ciphertext.size }),
      ...(context && { context }),
      ...(keyVersionId && { keyVersionId }),
      ...factOf(skipped),
    },
  };
}

async function readParts(input: FormatInput, skipped: Set<string>): Promise<Parts> {
  const { first, others } = await readFields(NAME, input, 5, skipped);
  const [wrappedKey = '', nonceText = '', tagText = '', last = ''] = others;
  const [nonce, tag] = [decodeBase64(nonceText), decodeBase64(tagText)];
  if (!mayBeBlob(wrappedKey)) throw notOfFormat(NAME, 'field 2, the wrapped key, is no base64');
  if (nonce?.length !== NONCE) throw notOfFormat(NAME, 'field 3, the nonce, is not 16 bytes in base64');
  if (tag?.length !== TAG) throw notOfFormat(NAME, 'field 4, the tag, is not 16 bytes in base64');
  const context = contextIn(NAME, last);
  const wrong = () => notOfFormat(NAME, 'field 1 is no base64');
  const ciphertext = await encodedIn(input, first, { wrong, isLenient: true, skipped });
  return { ciphertext, wrappedKey, nonce, tag, context };
}
