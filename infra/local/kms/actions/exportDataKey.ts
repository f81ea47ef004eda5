import { exportedDataKey } from '../crypto/exported-data-key';
import { openedBlob } from '../crypto/opened-blob';
import { action } from '../store/action';

/** Wraps a data key under the caller's public key instead. */
export const exportDataKey = action({
  required: ['CiphertextBlob', 'PublicKeyBlob', 'WrappingAlgorithm', 'WrappingKeySpec'],
  optional: ['EncryptionContext'],
  async run(kms, parameters) {
    const { plaintext, answer } = openedBlob(kms, 'ExportDataKey', parameters);
    return { ...answer, ExportedDataKey: exportedDataKey(Buffer.from(plaintext, 'base64'), parameters) };
  },
});
