import { hasChannels } from '../buckets/live-channel';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** DELETE /bucket : only without any version, delete marker, unfinished upload or live channel. Throws BucketNotEmpty. */
export const deleteBucket: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const inUse = bucket.versions.size + bucket.uploads.size + bucket.operations > 0;
    if (inUse) throw new OssError('BucketNotEmpty', { extra: { BucketName: bucket.name } });
    if (hasChannels(bucket)) throw new OssError('BucketNotEmpty', { ec: '0015-00000303' });
    await oss.store.deleteBucket(bucket);
    return { status: 204 };
  });
