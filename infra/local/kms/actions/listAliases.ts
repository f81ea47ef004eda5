import { action } from '../action';
import { invalidParameter } from '../errors';
import { arn } from '../key-id';

/** All aliases, a page at a time: PageNumber from 1, PageSize 0..100, 10 if not given. */
export const listAliases = action({
  required: [],
  optional: ['PageNumber', 'PageSize'],
  async run(kms, { PageNumber = '1', PageSize = '10' }) {
    const page = wholeNumber('PageNumber', PageNumber);
    const size = wholeNumber('PageSize', PageSize);
    if (page < 1) throw invalidParameter('PageNumber');
    if (size > 100) throw invalidParameter('PageSize');
    const all = kms.aliases.list();
    const Alias = all.slice((page - 1) * size, page * size).map(({ name, keyId }) => ({
      AliasArn: arn(kms, name),
      AliasName: name,
      KeyId: keyId,
    }));
    return { Aliases: { Alias }, PageNumber: page, PageSize: size, TotalCount: all.length };
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalidParameter(name);
  return Number(text);
}
