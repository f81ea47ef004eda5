import { inventoryId, inventoryName } from '../buckets/inventory';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** DELETE /bucket?inventory&inventoryId : also when there is none. */
export const deleteBucketInventory: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    await saveSetting(bucketOf(oss, request), inventoryName(inventoryId(request)), undefined);
    return { status: 204 };
  });
