import { parseTagKeys } from '../keys/tags';
import { changeTags } from '../secrets/tagged';
import { action } from '../store/action';

/** Of keys and secrets: there are no certificates here. */
export const untagResource = action({
  required: ['TagKeys'],
  optional: ['KeyId', 'SecretName'],
  async run(kms, { TagKeys, ...resource }) {
    const removed = new Set(parseTagKeys(TagKeys));
    await changeTags(kms, resource, {
      action: 'UntagResource',
      change: (tags) => tags.filter((tag) => !removed.has(tag.key)),
    });
    return {};
  },
});
