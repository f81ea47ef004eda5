import { bucketAcl, refusePublic } from '../buckets/public-access';
import { alterBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** PUT /bucket?acl with x-oss-acl. Throws MissingArgument, InvalidArgument, AccessDenied while public access is blocked. */
export const putBucketAcl: Operation = (oss, request) =>
  changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    const acl = bucketAcl(request);
    if (acl === undefined) throw new OssError('MissingArgument', { extra: { ArgumentName: 'x-oss-acl' } });
    if (acl !== 'private') refusePublic(bucket, 'acl');
    await alterBucket(bucket, { acl });
    return { status: 200 };
  });
