import { alterBucket } from '../bucket';
import { OssError } from '../errors';
import { bucketOf, changeBucket, type Operation } from '../operation';
import { bucketAcl, refusePublic } from '../public-access';

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
