import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { isAliasName } from '../store/aliases';
import { invalidParameter, KmsError } from '../wire/errors';

/** Gives an alias to another key. Only the new key's state matters. */
export const updateAlias = action({
  required: ['KeyId', 'AliasName'],
  optional: [],
  async run(kms, { KeyId, AliasName }) {
    if (!isAliasName(AliasName)) throw invalidParameter('AliasName');
    const key = findKeyById(kms, KeyId);
    guardState('UpdateAlias', key);
    const moved = await kms.aliases.move({ name: AliasName, keyId: key.id });
    if (!moved) throw new KmsError('Forbidden.AliasNotFound');
    return {};
  },
});
