import { aliasAnswer } from '../keys/alias-answer';
import { page } from '../keys/paging';
import { action } from '../store/action';

/** All aliases by name, a page at a time: PageSize 0..100. */
export const listAliases = action({
  required: [],
  optional: ['PageNumber', 'PageSize'],
  async run(kms, parameters) {
    const { items, numbers } = page(parameters, { all: kms.aliases.list(), sizes: { min: 0, max: 100 } });
    return { Aliases: { Alias: items.map((alias) => aliasAnswer(kms, alias)) }, ...numbers };
  },
});
