import { createPublicKey } from 'node:crypto';
import { namedVersion } from '../crypto/asymmetric';
import { privateKey } from '../keys/key-pair';
import { action } from '../store/action';

/** PEM, SPKI. */
export const getPublicKey = action({
  required: ['KeyId', 'KeyVersionId'],
  optional: [],
  async run(kms, parameters) {
    const { version, answer } = namedVersion(kms, parameters);
    const PublicKey = createPublicKey(privateKey(version)).export({ format: 'pem', type: 'spki' });
    return { ...answer, PublicKey };
  },
});
