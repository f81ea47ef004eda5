import { action } from '../action';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';

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
