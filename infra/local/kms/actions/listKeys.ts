import { keyFilter } from '../keys/key-filters';
import { arn } from '../keys/key-id';
import { page } from '../keys/paging';
import { action } from '../store/action';

/** All keys, oldest first, a page at a time: PageSize 1..100. */
export const listKeys = action({
  required: [],
  optional: ['Filters', 'PageNumber', 'PageSize'],
  async run(kms, { Filters, ...parameters }) {
    const all = kms.keys.list().filter(Filters ? keyFilter(Filters) : () => true);
    const { items, numbers } = page(parameters, { all, sizes: { min: 1, max: 100 } });
    return {
      Keys: { Key: items.map(({ id }) => ({ KeyArn: arn(kms, `key/${id}`), KeyId: id })) },
      ...numbers,
    };
  },
});
