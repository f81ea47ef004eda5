import { action } from '../action';
import { findKey } from '../key-id';
import { deletionProtection, keyMetadata } from '../key-metadata';

export const describeKey = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const key = findKey(kms, KeyId);
    return { KeyMetadata: { ...keyMetadata(kms, key), ...deletionProtection(key) } };
  },
});
