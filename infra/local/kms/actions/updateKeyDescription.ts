import { action } from '../action';
import { invalidParameter, KmsError } from '../errors';
import { findKeyById } from '../key-id';
import { guardState } from '../key-states';

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
