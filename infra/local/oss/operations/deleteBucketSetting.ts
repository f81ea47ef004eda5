import type { Setting } from '../buckets/settings';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** DELETE /bucket?<sub> : also when it was never set. */
export function deleteBucketSetting({ sub }: Pick<Setting, 'sub'>): Operation {
  return (oss, request) =>
    changeBucket(oss, request, async () => {
      await saveSetting(bucketOf(oss, request), sub, undefined);
      return { status: 204 };
    });
}
