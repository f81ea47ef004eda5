import { findLiveSecret, findSecret } from '../secrets/named-secret';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { invalidParameter } from '../wire/errors';
import { trueOrFalse, wholeNumber } from '../wire/typed-parameters';

const DAY = 86_400_000;

/** Deletes a secret after 7 to 30 days, 30 unless given, or at once. */
export const deleteSecret = action({
  required: ['SecretName'],
  optional: ['ForceDeleteWithoutRecovery', 'RecoveryWindowInDays'],
  async run(kms, { SecretName, ForceDeleteWithoutRecovery = 'false', RecoveryWindowInDays }) {
    const isForced = trueOrFalse('ForceDeleteWithoutRecovery', ForceDeleteWithoutRecovery);
    if (isForced && RecoveryWindowInDays !== undefined) throw invalidParameter('RecoveryWindowInDays');
    const days = wholeNumber('RecoveryWindowInDays', RecoveryWindowInDays ?? '30', { min: 7, max: 30 });
    const { name } = findSecret(kms, SecretName);
    const deleteTime = kmsDate(kms.now() + (isForced ? 0 : days * DAY));
    await kms.secrets.change(name, () => {
      if (!isForced) return { ...findLiveSecret(kms, name), deleteTime };
      findSecret(kms, name);
      return undefined;
    });
    return { SecretName: name, PlannedDeleteTime: deleteTime };
  },
});
