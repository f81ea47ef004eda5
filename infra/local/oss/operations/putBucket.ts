import { OssError } from '../errors';
import { checkBucketName } from '../names';
import { changeBucket, type Operation } from '../operation';
import { bodyText } from '../request';

/** PUT /bucket : creates a private bucket of storage class Standard; the owner may do it again. */
export const putBucket: Operation = async (oss, request) => {
  checkBucketName(request.bucket);
  const acl = request.headers['x-oss-acl'] ?? 'private';
  if (acl !== 'private') throw new OssError('NotImplemented', { message: `ACL ${acl} is not implemented.` });
  const configuration = await bodyText(request);
  if (/<StorageClass>(?!Standard<)/.test(configuration)) {
    throw new OssError('NotImplemented', { message: 'Only the storage class Standard is implemented.' });
  }
  return changeBucket(oss, request, async () => {
    const exists = oss.store.buckets.has(request.bucket);
    if (!exists) await oss.store.createBucket(request.bucket, oss.now());
    return { status: 200, headers: { location: `/${request.bucket}` } };
  });
};
