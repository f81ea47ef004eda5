import { findKeyById } from '../keys/key-id';
import { withoutMaterial } from '../keys/key-material';
import { action } from '../store/action';
import { KmsError } from '../wire/errors';

/** Takes the imported material away, until the same is imported again. */
export const deleteKeyMaterial = action({
  required: ['KeyId'],
  optional: [],
  async run(kms, { KeyId }) {
    const { id, origin } = findKeyById(kms, KeyId);
    if (origin !== 'EXTERNAL') throw new KmsError('Unsupported.Origin');
    await kms.keys.change(id, withoutMaterial);
    return {};
  },
});
