import { inventories } from '../buckets/inventory';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { documentIn, xmlDocument } from '../wire/xml';

const pageSize = 100;

/** GET /bucket?inventory : the inventories by id, 100 at a time. Throws NoSuchInventory when there is none. */
export const listBucketInventory: Operation = (oss, request) => {
  const after = request.query.get('continuation-token') ?? '';
  const all = inventories(bucketOf(oss, request).settings);
  if (all.length === 0) throw new OssError('NoSuchInventory');
  const behind = all.filter(([id]) => id > after);
  const shown = behind.slice(0, pageSize);
  const isTruncated = shown.length < behind.length;
  const xml = xmlDocument('ListInventoryConfigurationsResult', {
    IsTruncated: isTruncated,
    ContinuationToken: after || undefined,
    NextContinuationToken: isTruncated ? shown.at(-1)?.[0] : undefined,
  });
  const documents = shown.map(([, document]) => documentIn(document)).join('');
  return { status: 200, xml: xml.replace('<IsTruncated>', () => `${documents}<IsTruncated>`) };
};
