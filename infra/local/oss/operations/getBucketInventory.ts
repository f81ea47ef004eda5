import { OssError } from '../errors';
import { inventoryId, inventoryName } from '../inventory';
import { bucketOf, type Operation } from '../operation';

/** GET /bucket?inventory&inventoryId : the document as it came in. Throws NoSuchInventory. */
export const getBucketInventory: Operation = (oss, request) => {
  const xml = bucketOf(oss, request).settings.get(inventoryName(inventoryId(request)));
  if (xml === undefined) throw new OssError('NoSuchInventory');
  return { status: 200, xml };
};
