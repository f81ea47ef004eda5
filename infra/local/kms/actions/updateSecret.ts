import { findLiveSecret } from '../secrets/named-secret';
import { action } from '../store/action';
import { kmsDate } from '../store/date';
import { invalidParameter } from '../wire/errors';

/** Changes the description. */
export const updateSecret = action({
  required: ['SecretName'],
  optional: ['Description'],
  async run(kms, { SecretName, Description: description }) {
    if ((description ?? '').length > 8192) throw invalidParameter('Description');
    const { name } = findLiveSecret(kms, SecretName);
    await kms.secrets.change(name, () => ({
      ...findLiveSecret(kms, name),
      ...(description !== undefined && { description }),
      updateTime: kmsDate(kms.now()),
    }));
    return { SecretName: name };
  },
});
