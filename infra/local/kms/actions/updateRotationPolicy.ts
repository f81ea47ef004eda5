import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { rotationInterval } from '../keys/rotation';
import { action } from '../store/action';
import { pairSpec, without } from '../store/key';
import { KmsError } from '../wire/errors';
import { trueOrFalse } from '../wire/typed-parameters';

/** Turns automatic rotation on, with its interval, or off. Neither imported material nor key pairs are rotated. */
export const updateRotationPolicy = action({
  required: ['KeyId', 'EnableAutomaticRotation'],
  optional: ['RotationInterval'],
  async run(kms, { KeyId, EnableAutomaticRotation, RotationInterval }) {
    const isEnabled = trueOrFalse('EnableAutomaticRotation', EnableAutomaticRotation);
    if (isEnabled && !RotationInterval)
      throw new KmsError('MissingParameter', { parameter: 'RotationInterval' });
    const interval = isEnabled ? { rotationInterval: rotationInterval(RotationInterval ?? '') } : {};
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('UpdateRotationPolicy', key);
      if (key.origin === 'EXTERNAL' || pairSpec(key)) throw new KmsError('Rejected.UnsupportedOperation');
      return { ...without(key, 'rotationInterval'), ...interval };
    });
    return {};
  },
});
