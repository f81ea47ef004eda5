import { findKey } from '../keys/key-id';
import { newPairVersion } from '../keys/key-pair';
import { guardState } from '../keys/key-states';
import { withVersion } from '../keys/rotation';
import { versionAnswer } from '../keys/version-answer';
import { action } from '../store/action';
import { newVersion, pairSpec } from '../store/key';
import { KmsError } from '../wire/errors';

/** Rotates a key now: the new version is the primary one. Imported material is not rotated. */
export const createKeyVersion = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const { id, ...found } = findKey(kms, KeyId);
    const spec = pairSpec(found);
    const version = spec ? await newPairVersion(spec, kms.now()) : newVersion(kms.now());
    let made = {};
    await kms.keys.change(id, (key) => {
      guardState('CreateKeyVersion', key);
      if (key.origin === 'EXTERNAL') throw new KmsError('Rejected.UnsupportedOperation');
      const changed = withVersion(key, version);
      made = versionAnswer(changed, version);
      return changed;
    });
    return { KeyVersion: made };
  },
});
