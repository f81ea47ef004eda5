import { type Encoded, encodedIn } from './base64';
import { cbcUnsealer, checkDataKey } from './ciphers';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { cutShort, notOfFormat, unlessRefused } from './refusals';
import { contextIn, readFields } from './separated';
import { factOf } from './text';
import { verifiedTwice } from './verified-twice';
import { keyVersionIn, mayBeBlob } from './wrapped-key';

const NAME = 'envelope-cbc';
const BLOCK = 16;

/**
 * What alicloud-envelope-encryption of July 2019 writes (github.com/netsec/alicloud-envelope-encryption at 3ce5488): one text
 * of three fields with `*---*` between them, IV and AES-CBC ciphertext (PKCS #7) in base64, the wrapped data key as KMS
 * returned it, the encryption context as it was given.
 *
 * There is no tag: whoever can change the file can change the plaintext. The padding is checked before anything is released,
 * as a tag would be; that finds most wrong keys and files that were cut, and proves nothing.
 */
export const envelopeCbc: Format = {
  name: NAME,
  title:
    'three fields with *---* between them, as alicloud-envelope-encryption of July 2019 writes (AES-CBC)',
  isAuthenticated: async () => false,
  recognise,
  open,
};

type Parts = { sealed: Encoded; wrappedKey: string; context: string | undefined };

async function* open(input: FormatInput, tools: FormatTools): AsyncGenerator<Buffer> {
  const { sealed, wrappedKey, context } = await readParts(input, tools.skipped ?? new Set());
  const iv = await firstBlock(sealed);
  const key = checkDataKey(await tools.decrypt(wrappedKey, context));
  const ciphertext = () => sealed.read({ first: BLOCK });
  try {
    yield* verifiedTwice(ciphertext, [() => cbcUnsealer({ key, iv })], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

async function firstBlock(sealed: Encoded): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  for await (const piece of sealed.read()) {
    start = Buffer.concat([start, piece]);
    if (start.length >= BLOCK) return start.subarray(0, BLOCK);
  }
  throw notWhole();
}

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const skipped = new Set<string>();
  const parts = await unlessRefused(readParts(input, skipped));
  if (!parts?.sealed.isLikely) return undefined;
  const { sealed, wrappedKey, context } = parts;
  const keyVersionId = keyVersionIn(wrappedKey);
  return {
    sureness: keyVersionId ? 'certain' : 'likely',
    why: 'base64, *---*, base64, *---*, an encryption context',
    facts: {
      algorithm: 'AES-CBC',
      ...(sealed.size !== undefined && { ciphertextBytes: sealed.size - BLOCK }),
      ...(context && { context }),
      ...(keyVersionId && { keyVersionId }),
      ...factOf(skipped),
    },
  };
}

async function readParts(input: FormatInput, skipped: Set<string>): Promise<Parts> {
  const { first, others } = await readFields(NAME, input, 3, skipped);
  const [wrappedKey = '', last = ''] = others;
  if (!mayBeBlob(wrappedKey)) throw notOfFormat(NAME, 'field 2, the wrapped key, is no base64');
  const context = contextIn(NAME, last);
  const wrong = () => notOfFormat(NAME, 'field 1 is no base64');
  const sealed = await encodedIn(input, first, { wrong, skipped });
  const { size = 2 * BLOCK } = sealed;
  if (size % BLOCK !== 0 || size < 2 * BLOCK) throw notWhole();
  return { sealed, wrappedKey, context };
}

function notWhole(): Error {
  return cutShort(NAME, 'field 1 is not an IV and whole blocks');
}
