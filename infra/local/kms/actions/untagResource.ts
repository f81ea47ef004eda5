import { action } from '../action';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';
import { parseTagKeys } from '../tags';

/** Of keys only: there are no secrets and certificates here. */
export const untagResource = action({
  required: ['KeyId', 'TagKeys'],
  optional: [],
  async run(kms, { KeyId, TagKeys }) {
    const removed = new Set(parseTagKeys(TagKeys));
    await kms.keys.change(findKeyById(kms, KeyId).id, ({ tags = [], ...key }) => {
      guardState('UntagResource', key);
      return { ...key, tags: tags.filter((tag) => !removed.has(tag.key)) };
    });
    return {};
  },
});
