import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { without } from '../store/key';
import { invalidParameter } from '../wire/errors';
import { trueOrFalse } from '../wire/typed-parameters';

/** A protected key cannot be scheduled for deletion. It is named by its ARN. */
export const setDeletionProtection = action({
  required: ['ProtectedResourceArn', 'EnableDeletionProtection'],
  optional: ['DeletionProtectionDescription'],
  async run(kms, { ProtectedResourceArn, EnableDeletionProtection, DeletionProtectionDescription = '' }) {
    const isEnabled = trueOrFalse('EnableDeletionProtection', EnableDeletionProtection);
    if (!ProtectedResourceArn.startsWith('acs:')) throw invalidParameter('ProtectedResourceArn');
    await kms.keys.change(findKeyById(kms, ProtectedResourceArn).id, (key) => {
      guardState('SetDeletionProtection', key);
      const free = without(key, 'deletionProtection');
      return isEnabled
        ? { ...free, deletionProtection: { description: DeletionProtectionDescription } }
        : free;
    });
    return {};
  },
});
