import { action } from '../action';
import { invalidParameter } from '../errors';
import { kmsDate } from '../kms-date';
import { findSecret } from '../named-secret';

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
