import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { isAliasName } from '../store/aliases';
import { invalidParameter, KmsError } from '../wire/errors';

/** Names a key. One alias names one key; a key may have many. */
export const createAlias = action({
  required: ['KeyId', 'AliasName'],
  optional: [],
  async run(kms, { KeyId, AliasName }) {
    if (!isAliasName(AliasName)) throw invalidParameter('AliasName');
    const key = findKeyById(kms, KeyId);
    guardState('CreateAlias', key);
    const added = await kms.aliases.add({ name: AliasName, keyId: key.id });
    if (!added) throw new KmsError('AliasAlreadyExists');
    return {};
  },
});
