import { findSecret } from '../secrets/named-secret';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { invalidParameter } from '../wire/errors';

/** Takes a deletion back. What a secret answers that is not to be deleted is not documented. */
export const restoreSecret = action({
  required: ['SecretName'],
  optional: [],
  async run(kms, { SecretName }) {
    const { name } = findSecret(kms, SecretName);
    await kms.secrets.change(name, () => {
      const { deleteTime, ...secret } = findSecret(kms, name);
      if (deleteTime === undefined) throw invalidParameter('SecretName', 'It is not to be deleted.');
      return { ...secret, updateTime: kmsDate(kms.now()) };
    });
    return { SecretName: name };
  },
});
