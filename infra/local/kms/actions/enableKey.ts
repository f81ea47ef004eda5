import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';

export const enableKey = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('EnableKey', key);
      return { ...key, state: 'Enabled' };
    });
    return {};
  },
});
