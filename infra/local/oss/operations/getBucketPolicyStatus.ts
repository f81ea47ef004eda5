import { isPublic, readPolicy } from '../buckets/policy-document';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?policyStatus : whether the policy lets anybody in. Throws NoSuchBucketPolicy. */
export const getBucketPolicyStatus: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const policy = bucket.settings.get('policy');
  if (policy === undefined) throw new OssError('NoSuchBucketPolicy', { extra: { BucketName: bucket.name } });
  return { status: 200, xml: xmlDocument('PolicyStatus', { IsPublic: isPublic(readPolicy(policy)) }) };
};
