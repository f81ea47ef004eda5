import { wormOf } from '../buckets/worm';
import { alterBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** DELETE /bucket?worm : removes a retention policy that is not locked. Throws WORMConfigurationLocked. */
export const abortBucketWorm: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    if (wormOf(bucket, oss.now())?.locked) throw new OssError('WORMConfigurationLocked');
    await alterBucket(bucket, { worm: undefined });
    return { status: 204 };
  });
