import { createPublicKey } from 'node:crypto';
import { action } from '../action';
import { namedVersion } from '../asymmetric';
import { privateKey } from '../key-pair';

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
