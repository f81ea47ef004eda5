import { findKeyById } from '../keys/key-id';
import { defaultPolicy } from '../keys/key-policy';
import { action } from '../store/action';
import { invalidParameter } from '../wire/errors';

export const getKeyPolicy = action({
  required: ['KeyId'],
  optional: ['PolicyName'],
  async run(kms, { KeyId, PolicyName = 'default' }) {
    if (PolicyName !== 'default') throw invalidParameter('PolicyName', 'Not Found');
    const { policy } = findKeyById(kms, KeyId);
    return { Policy: policy ?? defaultPolicy(kms.accountId) };
  },
});
