import { findKeyById } from '../keys/key-id';
import { checkPolicy } from '../keys/key-policy';
import { action } from '../store/action';
import { invalidParameter } from '../wire/errors';

/** Kept and answered. The one policy of a key has the name `default`. */
export const setKeyPolicy = action({
  required: ['KeyId', 'Policy'],
  optional: ['PolicyName'],
  async run(kms, { KeyId, Policy: policy, PolicyName = 'default' }) {
    if (PolicyName !== 'default') throw invalidParameter('PolicyName');
    checkPolicy(policy);
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => ({ ...key, policy }));
    return {};
  },
});
