import { action } from '../action';
import { findKey } from '../key-id';
import { keyMetadata } from '../key-metadata';

export const describeKey = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    return { KeyMetadata: keyMetadata(kms, findKey(kms, KeyId)) };
  },
});
