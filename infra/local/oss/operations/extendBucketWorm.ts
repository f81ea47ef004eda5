import { findWorm, readRetention } from '../buckets/worm';
import { alterBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';

/** POST /bucket?wormId&wormExtend : a longer retention for a locked policy. Throws NoSuchWORMConfiguration, InvalidWORMConfiguration. */
export const extendBucketWorm: Operation = async (oss, request) => {
  const days = readRetention(await bodyText(request), 'ExtendWormConfiguration');
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const worm = findWorm(bucket, request.query.get('wormId') ?? '', oss.now());
    // A policy that is not locked yet cannot be extended, a locked one not shortened.
    if (!worm.locked || days < worm.days) throw new OssError('InvalidWORMConfiguration');
    await alterBucket(bucket, { worm: { ...worm, days } });
    return { status: 200 };
  });
};
