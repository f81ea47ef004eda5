import { findKey } from '../keys/key-id';
import { versionAnswer } from '../keys/version-answer';
import { action } from '../store/action';
import { KmsError } from '../wire/errors';

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
