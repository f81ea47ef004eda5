import { OssError } from '../errors';
import { bucketOf, changeBucket, type Operation } from '../operation';

/** DELETE /bucket : only without any version, delete marker or unfinished upload. Throws BucketNotEmpty. */
export const deleteBucket: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const inUse = bucket.versions.size + bucket.uploads.size + bucket.operations > 0;
    if (inUse) throw new OssError('BucketNotEmpty', { extra: { BucketName: bucket.name } });
    await oss.store.deleteBucket(bucket);
    return { status: 204 };
  });
