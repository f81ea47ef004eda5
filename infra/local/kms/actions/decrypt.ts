import { openedBlob } from '../crypto/opened-blob';
import { action } from '../store/action';

/** Opens what Encrypt encrypted and what was wrapped as a data key. */
export const decrypt = action({
  required: ['CiphertextBlob'],
  optional: ['EncryptionContext'],
  async run(kms, parameters) {
    const { plaintext, answer } = openedBlob(kms, 'Decrypt', parameters);
    return { ...answer, Plaintext: plaintext };
  },
});
