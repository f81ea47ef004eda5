import { isPublic, readPolicy } from '../buckets/policy-document';
import { refusePublic } from '../buckets/public-access';
import { saveSetting } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { bodyText } from '../wire/request';

/** PUT /bucket?policy : JSON. Throws InvalidPolicyDocument, AccessDenied for a public one while that is blocked. */
export const putBucketPolicy: Operation = async (oss, request) => {
  const document = await bodyText(request);
  const statements = readPolicy(document);
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    if (isPublic(statements)) refusePublic(bucket, 'policy');
    await saveSetting(bucket, 'policy', document);
    return { status: 200 };
  });
};
