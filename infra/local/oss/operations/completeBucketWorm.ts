import { alterBucket } from '../bucket';
import { bucketOf, changeBucket, type Operation } from '../operation';
import { findWorm } from '../worm';

/** POST /bucket?wormId : locks the retention policy for good. Throws NoSuchWORMConfiguration. */
export const completeBucketWorm: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const worm = findWorm(bucket, request.query.get('wormId') ?? '', oss.now());
    await alterBucket(bucket, { worm: { ...worm, locked: true } });
    return { status: 200 };
  });
