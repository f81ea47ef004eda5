import { findKeyById } from '../keys/key-id';
import { hasMaterial } from '../keys/key-material';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { without } from '../store/key';

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
