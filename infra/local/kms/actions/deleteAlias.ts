import { action } from '../action';
import { isAliasName } from '../aliases';
import { invalidParameter, KmsError } from '../errors';

export const deleteAlias = action({
  required: ['AliasName'],
  optional: [],
  async run(kms, { AliasName }) {
    if (!isAliasName(AliasName)) throw invalidParameter('AliasName');
    const removed = await kms.aliases.remove(AliasName);
    if (!removed) throw new KmsError('Forbidden.AliasNotFound');
    return {};
  },
});
