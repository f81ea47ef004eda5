import { newDataKey } from '../crypto/data-key';
import { action } from '../store/action';

/** A data key that only its wrapped form leaves KMS of. */
export const generateDataKeyWithoutPlaintext = action({
  required: ['KeyId'],
  optional: ['KeySpec', 'NumberOfBytes', 'EncryptionContext'],
  async run(kms, parameters) {
    return newDataKey(kms, 'GenerateDataKeyWithoutPlaintext', parameters).answer;
  },
});
