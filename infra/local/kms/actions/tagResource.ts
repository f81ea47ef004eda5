import { action } from '../action';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';
import { parseTags, withTags } from '../tags';

/** Of keys only: there are no secrets and certificates here. */
export const tagResource = action({
  required: ['KeyId', 'Tags'],
  optional: [],
  async run(kms, { KeyId, Tags }) {
    const added = parseTags(Tags);
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('TagResource', key);
      return { ...key, tags: withTags(key.tags ?? [], added) };
    });
    return {};
  },
});
