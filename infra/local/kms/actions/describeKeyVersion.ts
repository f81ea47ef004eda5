import { action } from '../action';
import { KmsError } from '../errors';
import { findKey } from '../key-id';
import { versionAnswer } from '../version-answer';

export const describeKeyVersion = action({
  required: ['KeyId', 'KeyVersionId'],
  optional: [],
  async run(kms, { KeyId, KeyVersionId }) {
    const key = findKey(kms, KeyId);
    const version = key.versions.find(({ id }) => id === KeyVersionId);
    if (!version) throw new KmsError('Forbidden.KeyVersionNotFound');
    return { KeyVersion: versionAnswer(key, version) };
  },
});
