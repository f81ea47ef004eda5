import { action } from '../action';
import { KmsError } from '../errors';
import { primaryVersion } from '../key';
import { findKey } from '../key-id';
import { guardState } from '../key-states';
import { rotated } from '../rotation';
import { versionAnswer } from '../version-answer';

/** Rotates a key now: the new version is the primary one. Imported material is not rotated. */
export const createKeyVersion = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const { id } = findKey(kms, KeyId);
    let made = {};
    await kms.keys.change(id, (key) => {
      guardState('CreateKeyVersion', key);
      if (key.origin === 'EXTERNAL') throw new KmsError('Rejected.UnsupportedOperation');
      const changed = rotated(key, kms.now());
      made = versionAnswer(changed, primaryVersion(changed));
      return changed;
    });
    return { KeyVersion: made };
  },
});
