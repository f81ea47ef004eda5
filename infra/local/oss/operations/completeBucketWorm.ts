import { findWorm } from '../buckets/worm';
import { alterBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';

/** POST /bucket?wormId : locks the retention policy for good. Throws NoSuchWORMConfiguration. */
export const completeBucketWorm: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const worm = findWorm(bucket, request.query.get('wormId') ?? '', oss.now());
    await alterBucket(bucket, { worm: { ...worm, locked: true } });
    return { status: 200 };
  });
