import { action } from '../action';
import { KmsError } from '../errors';
import { newVersion, pairSpec } from '../key';
import { findKey } from '../key-id';
import { newPairVersion } from '../key-pair';
import { guardState } from '../key-states';
import { withVersion } from '../rotation';
import { versionAnswer } from '../version-answer';

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
