import { action } from '../action';
import { checkSymmetric } from '../asymmetric';
import { wrap } from '../ciphertext-blob';
import { contextBytes } from '../encryption-context';
import { invalidParameter } from '../errors';
import { primaryVersion } from '../key';
import { findKey } from '../key-id';
import { guardState } from '../key-states';

const MAX_BYTES = 6 * 1024;

/** Encrypts up to 6 KB. The text is base64 by the documentation, and kept as it is by what the SDK's tests saw. */
export const encrypt = action({
  required: ['KeyId', 'Plaintext'],
  optional: ['EncryptionContext'],
  async run(kms, { KeyId, Plaintext, EncryptionContext }) {
    if (lengthOf(Plaintext) > MAX_BYTES) throw invalidParameter('Plaintext');
    const context = contextBytes(EncryptionContext);
    const key = findKey(kms, KeyId);
    guardState('Encrypt', key);
    checkSymmetric(key);
    const version = primaryVersion(key);
    return {
      CiphertextBlob: wrap(version, { plaintext: Plaintext, context }),
      KeyId: key.id,
      KeyVersionId: version.id,
    };
  },
});

function lengthOf(text: string): number {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.length : Buffer.byteLength(text);
}
