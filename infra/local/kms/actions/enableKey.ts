import { action } from '../action';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';

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
