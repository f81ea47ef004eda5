import { action } from '../action';
import { findKeyById } from '../key-id';

export const listResourceTags = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const { id, tags = [] } = findKeyById(kms, KeyId);
    return { Tags: { Tag: tags.map(({ key, value }) => ({ KeyId: id, TagKey: key, TagValue: value })) } };
  },
});
