import { collect } from '../../functions/cloud/objects';
import { type Encoded, encodedIn, textIn } from './base64';
import { cbcUnsealer, checkDataKey } from './ciphers';
import type { Format, FormatInput, FormatTools, Recognition } from './format';
import { cutShort, notOfFormat, unlessRefused } from './refusals';
import { contextIn, readFields } from './separated';
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
  const { sealed, wrappedKey, context } = await readParts(input);
  const iv = await collect(sealed.read({ from: 0, to: BLOCK }));
  const key = checkDataKey(await tools.decrypt(wrappedKey, context));
  const ciphertext = () => sealed.read({ from: BLOCK, to: sealed.size });
  try {
    yield* verifiedTwice(ciphertext, [() => cbcUnsealer(key, iv)], tools.interrupted);
  } finally {
    key.fill(0);
  }
}

async function recognise(input: FormatInput): Promise<Recognition | undefined> {
  const parts = await unlessRefused(readParts(input));
  if (!parts || !mayBeBlob((await textIn(input, { from: 0, to: 24 })).slice(0, 20))) return undefined;
  const { sealed, wrappedKey, context } = parts;
  const keyVersionId = keyVersionIn(wrappedKey);
  return {
    sureness: keyVersionId ? 'certain' : 'likely',
    why: 'base64, *---*, base64, *---*, an encryption context',
    facts: {
      algorithm: 'AES-CBC',
      ciphertextBytes: sealed.size - BLOCK,
      ...(context && { context }),
      ...(keyVersionId && { keyVersionId }),
    },
  };
}

async function readParts(input: FormatInput): Promise<Parts> {
  const { first, others } = await readFields(NAME, input, 3);
  const [wrappedKey = '', last = ''] = others;
  if (!mayBeBlob(wrappedKey)) throw notOfFormat(NAME, 'field 2, the wrapped key, is no base64');
  const context = contextIn(NAME, last);
  const sealed = await encodedIn(input, first, () => notOfFormat(NAME, 'field 1 is no base64'));
  if (sealed.size % BLOCK !== 0 || sealed.size < 2 * BLOCK)
    throw cutShort(NAME, 'field 1 is not an IV and whole blocks');
  return { sealed, wrappedKey, context };
}
