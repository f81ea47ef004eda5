import { action } from '../store/action';
import { isAliasName } from '../store/aliases';
import { invalidParameter, KmsError } from '../wire/errors';

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
