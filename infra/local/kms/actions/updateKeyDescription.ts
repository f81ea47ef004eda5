import { findKeyById } from '../keys/key-id';
import { guardState } from '../keys/key-states';
import { action } from '../store/action';
import { invalidParameter, KmsError } from '../wire/errors';

/** An empty description removes the old one. */
export const updateKeyDescription = action({
  required: ['KeyId'],
  optional: ['Description'],
  async run(kms, { KeyId, Description: description }) {
    if (description === undefined) throw new KmsError('MissingParameter', { parameter: 'Description' });
    if (description.length > 8192) throw invalidParameter('Description');
    await kms.keys.change(findKeyById(kms, KeyId).id, (key) => {
      guardState('UpdateKeyDescription', key);
      return { ...key, description };
    });
    return {};
  },
});
