import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { KmsError } from '../wire/errors';
import { wholeNumber } from '../wire/typed-parameters';

const DAY = 86_400_000;

/** Deletes a key after 7 to 366 days. What a protected key answers is not documented. */
export const scheduleKeyDeletion = action({
  required: ['KeyId', 'PendingWindowInDays'],
  optional: [],
  async run(kms, { KeyId, PendingWindowInDays }) {
    const days = wholeNumber('PendingWindowInDays', PendingWindowInDays, { min: 7, max: 366 });
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('ScheduleKeyDeletion', key);
      if (key.deletionProtection) {
        throw new KmsError('Rejected.UnsupportedOperation', { why: 'Deletion protection is enabled.' });
      }
      return { ...key, state: 'PendingDeletion', deleteDate: kmsDate(kms.now() + days * DAY) };
    });
    return {};
  },
});
