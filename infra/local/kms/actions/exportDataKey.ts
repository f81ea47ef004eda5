import { action } from '../action';
import { exportedDataKey } from '../exported-data-key';
import { openedBlob } from '../opened-blob';

/** Wraps a data key under the caller's public key instead. */
export const exportDataKey = action({
  required: ['CiphertextBlob', 'PublicKeyBlob', 'WrappingAlgorithm', 'WrappingKeySpec'],
  optional: ['EncryptionContext'],
  async run(kms, parameters) {
    const { plaintext, answer } = openedBlob(kms, 'ExportDataKey', parameters);
    return { ...answer, ExportedDataKey: exportedDataKey(Buffer.from(plaintext, 'base64'), parameters) };
  },
});
