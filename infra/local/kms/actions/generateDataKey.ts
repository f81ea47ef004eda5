import { newDataKey } from '../crypto/data-key';
import { action } from '../store/action';

/** A data key, plain and wrapped under the key's primary version. KMS keeps nothing of it. */
export const generateDataKey = action({
  required: ['KeyId'],
  optional: ['KeySpec', 'NumberOfBytes', 'EncryptionContext'],
  async run(kms, parameters) {
    const { dataKey, answer } = newDataKey(kms, 'GenerateDataKey', parameters);
    return { ...answer, Plaintext: dataKey.toString('base64') };
  },
});
