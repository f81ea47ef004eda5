import { newDataKey } from '../crypto/data-key';
import { exportedDataKey } from '../crypto/exported-data-key';
import { action } from '../store/action';

/** A data key, wrapped under the key's primary version and under the caller's public key. */
export const generateAndExportDataKey = action({
  required: ['KeyId', 'PublicKeyBlob', 'WrappingAlgorithm', 'WrappingKeySpec'],
  optional: ['KeySpec', 'NumberOfBytes', 'EncryptionContext'],
  async run(kms, parameters) {
    const { dataKey, answer } = newDataKey(kms, 'GenerateAndExportDataKey', parameters);
    return { ...answer, ExportedDataKey: exportedDataKey(dataKey, parameters) };
  },
});
