import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';

/** GET /bucket?acl */
export const getBucketAcl: Operation = (oss, request) => {
  const { acl } = bucketOf(oss, request);
  const xml = xmlDocument('AccessControlPolicy', {
    Owner: { ID: oss.accountId, DisplayName: oss.accountId },
    AccessControlList: { Grant: acl },
  });
  return { status: 200, xml };
};
