import { parseTags, withTags } from '../keys/tags';
import { changeTags } from '../secrets/tagged';
import { action } from '../store/action';

/** Of keys and secrets: there are no certificates here. */
export const tagResource = action({
  required: ['Tags'],
  optional: ['KeyId', 'SecretName'],
  async run(kms, { Tags, ...resource }) {
    const added = parseTags(Tags);
    await changeTags(kms, resource, { action: 'TagResource', change: (tags) => withTags(tags, added) });
    return {};
  },
});
