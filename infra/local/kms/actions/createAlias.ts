import { action } from '../action';
import { invalidParameter, KmsError } from '../errors';
import { findKey } from '../key-id';
import { guardState } from '../key-states';

// `alias/acs...` belongs to the cloud's own services.
const NAME = /^alias\/(?!acs)[A-Za-z0-9_/-]{1,249}$/;

/** Names a key. One alias names one key; a key may have many. */
export const createAlias = action({
  required: ['KeyId', 'AliasName'],
  optional: [],
  async run(kms, { KeyId, AliasName }) {
    if (!NAME.test(AliasName)) throw invalidParameter('AliasName');
    if (KeyId.includes('alias/')) throw invalidParameter('KeyId');
    const key = findKey(kms, KeyId);
    guardState('CreateAlias', key);
    const added = await kms.aliases.add({ name: AliasName, keyId: key.id });
    if (!added) throw new KmsError('AliasAlreadyExists');
    return {};
  },
});
