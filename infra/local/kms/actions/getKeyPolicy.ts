import { action } from '../action';
import { invalidParameter } from '../errors';
import { findKeyById } from '../key-id';
import { defaultPolicy } from '../key-policy';

export const getKeyPolicy = action({
  required: ['KeyId'],
  optional: ['PolicyName'],
  async run(kms, { KeyId, PolicyName = 'default' }) {
    if (PolicyName !== 'default') throw invalidParameter('PolicyName', 'Not Found');
    const { policy } = findKeyById(kms, KeyId);
    return { Policy: policy ?? defaultPolicy(kms.accountId) };
  },
});
