import { OssError } from '../errors';
import { bucketOf, type Operation } from '../operation';
import { isPublic, readPolicy } from '../policy-document';
import { xmlDocument } from '../xml';

/** GET /bucket?policyStatus : whether the policy lets anybody in. Throws NoSuchBucketPolicy. */
export const getBucketPolicyStatus: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const policy = bucket.settings.get('policy');
  if (policy === undefined) throw new OssError('NoSuchBucketPolicy', { extra: { BucketName: bucket.name } });
  return { status: 200, xml: xmlDocument('PolicyStatus', { IsPublic: isPublic(readPolicy(policy)) }) };
};
