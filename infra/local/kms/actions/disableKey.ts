import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';

export const disableKey = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('DisableKey', key);
      return { ...key, state: 'Disabled' };
    });
    return {};
  },
});
