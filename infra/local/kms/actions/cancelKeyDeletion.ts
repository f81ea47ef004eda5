import { action } from '../action';
import { without } from '../key';
import { findKeyById } from '../key-id';
import { hasMaterial } from '../key-material';
import { guardState } from '../key-states';

/** The key is enabled again, whatever it was before; without material it waits for it. */
export const cancelKeyDeletion = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('CancelKeyDeletion', key);
      return { ...without(key, 'deleteDate'), state: hasMaterial(key) ? 'Enabled' : 'PendingImport' };
    });
    return {};
  },
});
