import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?acl */
export const getBucketAcl: Operation = (oss, request) => {
  const { acl } = bucketOf(oss, request);
  const xml = xmlDocument('AccessControlPolicy', {
    Owner: { ID: oss.accountId, DisplayName: oss.accountId },
    AccessControlList: { Grant: acl },
  });
  return { status: 200, xml };
};
