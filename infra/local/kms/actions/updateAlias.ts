import { action } from '../action';
import { isAliasName } from '../aliases';
import { invalidParameter, KmsError } from '../errors';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';

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
