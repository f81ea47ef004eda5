import { action } from '../action';
import { keyFilter } from '../key-filters';
import { arn } from '../key-id';
import { page } from '../paging';

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
