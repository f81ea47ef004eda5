import { findKey } from '../keys/key-id';
import { deletionProtection, keyMetadata } from '../keys/key-metadata';
import { action } from '../store/action';

export const describeKey = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const key = findKey(kms, KeyId);
    return { KeyMetadata: { ...keyMetadata(kms, key), ...deletionProtection(key) } };
  },
});
