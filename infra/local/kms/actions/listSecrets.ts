import { page } from '../keys/paging';
import { secretAnswer } from '../secrets/named-secret';
import { action } from '../store/action';

/** All secrets by name, a page at a time: PageSize 1..100. */
export const listSecrets = action({
  required: [],
  optional: ['FetchTags', 'PageNumber', 'PageSize'],
  async run(kms, parameters) {
    const { items, numbers } = page(parameters, { all: kms.secrets.list(), sizes: { min: 1, max: 100 } });
    return { SecretList: { Secret: items.map((secret) => secretAnswer(secret, parameters)) }, ...numbers };
  },
});
