import { checkSymmetric } from '../crypto/asymmetric';
import { wrap } from '../crypto/ciphertext-blob';
import { contextBytes } from '../crypto/encryption-context';
import { openedBlob } from '../crypto/opened-blob';
import { findKey } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { primaryVersion } from '../store/key';
import { KmsError } from '../wire/errors';

const OF_ASYMMETRIC_KEYS = ['SourceKeyId', 'SourceKeyVersionId', 'SourceEncryptionAlgorithm'] as const;

/** Wraps anew what a blob holds: under another key, the newest version of its key, or another context. */
export const reEncrypt = action({
  required: ['CiphertextBlob', 'DestinationKeyId'],
  optional: ['SourceEncryptionContext', 'DestinationEncryptionContext', ...OF_ASYMMETRIC_KEYS],
  async run(kms, { CiphertextBlob, DestinationKeyId, ...parameters }) {
    refuseAsymmetric(parameters);
    const context = contextBytes(parameters.DestinationEncryptionContext);
    const EncryptionContext = parameters.SourceEncryptionContext;
    const { plaintext } = openedBlob(kms, 'ReEncrypt', { CiphertextBlob, EncryptionContext });
    const key = findKey(kms, DestinationKeyId);
    guardState('ReEncrypt', key);
    checkSymmetric(key);
    const version = primaryVersion(key);
    return {
      CiphertextBlob: wrap(version, { plaintext, context }),
      KeyId: key.id,
      KeyVersionId: version.id,
    };
  },
});

function refuseAsymmetric(parameters: Record<string, string | undefined>): void {
  const name = OF_ASYMMETRIC_KEYS.find((one) => parameters[one] !== undefined);
  if (!name) return;
  throw new KmsError('UnsupportedOperation', {
    why: `The local cloud takes nothing from an asymmetric key: ${name}.`,
  });
}
