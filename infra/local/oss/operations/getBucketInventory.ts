import { inventoryId, inventoryName } from '../buckets/inventory';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** GET /bucket?inventory&inventoryId : the document as it came in. Throws NoSuchInventory. */
export const getBucketInventory: Operation = (oss, request) => {
  const xml = bucketOf(oss, request).settings.get(inventoryName(inventoryId(request)));
  if (xml === undefined) throw new OssError('NoSuchInventory');
  return { status: 200, xml };
};
