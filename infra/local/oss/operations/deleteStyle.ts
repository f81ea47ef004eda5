import { saveSetting } from '../bucket';
import { bucketOf, changeBucket, type Operation } from '../operation';
import { styleName, styleSetting } from '../style';

/** DELETE /bucket?style&styleName : also when there is none. */
export const deleteStyle: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    await saveSetting(bucketOf(oss, request), styleSetting(styleName(request)), undefined);
    return { status: 204 };
  });
