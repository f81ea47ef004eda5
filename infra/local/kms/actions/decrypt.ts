import { action } from '../action';
import { parseBlob, unwrap } from '../ciphertext-blob';
import { contextBytes } from '../encryption-context';
import { KmsError } from '../errors';
import { guardState } from '../key-states';

/** Opens a wrapped data key. The blob itself names the key version; one of another region is a key not found. */
export const decrypt = action({
  required: ['CiphertextBlob'],
  optional: ['EncryptionContext'],
  async run(kms, { CiphertextBlob, EncryptionContext }) {
    const context = contextBytes(EncryptionContext);
    const wrapped = parseBlob(CiphertextBlob);
    const found = kms.keys.getByVersion(wrapped.versionId);
    if (!found) throw new KmsError('Forbidden.KeyNotFound');
    guardState('Decrypt', found.key);
    const plaintext = unwrap(found.version, { ...wrapped, context });
    return { KeyId: found.key.id, KeyVersionId: found.version.id, Plaintext: plaintext };
  },
});
