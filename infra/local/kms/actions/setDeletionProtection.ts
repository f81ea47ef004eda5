import { action } from '../action';
import { invalidParameter } from '../errors';
import { without } from '../key';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';
import { trueOrFalse } from '../typed-parameters';

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
