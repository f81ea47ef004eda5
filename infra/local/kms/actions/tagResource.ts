import { action } from '../action';
import { changeTags } from '../tagged';
import { parseTags, withTags } from '../tags';

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
