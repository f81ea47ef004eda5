import { checkSymmetric } from '../crypto/asymmetric';
import { wrap } from '../crypto/ciphertext-blob';
import { contextBytes } from '../crypto/encryption-context';
import { findKey } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { primaryVersion } from '../store/key';
import { invalidParameter } from '../wire/errors';

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
