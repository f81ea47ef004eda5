import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';
import { bucketFacts } from './listBuckets';

/** GET /bucket?bucketInfo */
export const getBucketInfo: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const xml = xmlDocument('BucketInfo', {
    Bucket: {
      ...bucketFacts(oss, bucket),
      AccessControlList: { Grant: 'private' },
      BlockPublicAccess: true,
      DataRedundancyType: 'LRS',
      Owner: { ID: oss.accountId, DisplayName: oss.accountId },
      Versioning: bucket.versioning,
    },
  });
  return { status: 200, xml };
};
