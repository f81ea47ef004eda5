import { aliasAnswer } from '../keys/alias-answer';
import { findKeyById } from '../keys/key-id';
import { page } from '../keys/paging';
import { action } from '../store/action';

/** The aliases of one key by name, a page at a time: PageSize 0..101. */
export const listAliasesByKeyId = action({
  required: ['KeyId'],
  optional: ['PageNumber', 'PageSize'],
  async run(kms, { KeyId, ...parameters }) {
    const { id } = findKeyById(kms, KeyId);
    const all = kms.aliases.list().filter(({ keyId }) => keyId === id);
    const { items, numbers } = page(parameters, { all, sizes: { min: 0, max: 101 } });
    return { Aliases: { Alias: items.map((alias) => aliasAnswer(kms, alias)) }, ...numbers };
  },
});
