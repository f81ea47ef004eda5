import { styleName, styleSetting } from '../buckets/style';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** DELETE /bucket?style&styleName : also when there is none. */
export const deleteStyle: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    await saveSetting(bucketOf(oss, request), styleSetting(styleName(request)), undefined);
    return { status: 204 };
  });
