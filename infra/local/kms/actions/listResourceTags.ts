import { findKeyById } from '../keys/key-id';
import { action } from '../store/action';

export const listResourceTags = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const { id, tags = [] } = findKeyById(kms, KeyId);
    return { Tags: { Tag: tags.map(({ key, value }) => ({ KeyId: id, TagKey: key, TagValue: value })) } };
  },
});
