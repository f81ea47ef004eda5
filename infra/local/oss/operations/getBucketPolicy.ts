import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** GET /bucket?policy : the JSON as it came in. Throws NoSuchBucketPolicy. */
export const getBucketPolicy: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const json = bucket.settings.get('policy');
  if (json === undefined) throw new OssError('NoSuchBucketPolicy', { extra: { BucketName: bucket.name } });
  return { status: 200, json };
};
