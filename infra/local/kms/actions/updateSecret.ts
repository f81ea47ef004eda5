import { action } from '../action';
import { invalidParameter } from '../errors';
import { kmsDate } from '../kms-date';
import { findLiveSecret } from '../named-secret';

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
