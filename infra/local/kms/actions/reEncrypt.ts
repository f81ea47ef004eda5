import { action } from '../action';
import { checkSymmetric } from '../asymmetric';
import { wrap } from '../ciphertext-blob';
import { contextBytes } from '../encryption-context';
import { KmsError } from '../errors';
import { primaryVersion } from '../key';
import { findKey } from '../key-id';
import { guardState } from '../key-states';
import { openedBlob } from '../opened-blob';

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
