import { findVersion, versionHeaders } from '../objects/find-version';
import { ownerElement } from '../objects/list-objects';
import { bucketOf, type Operation } from '../store/operation';
import { xmlDocument } from '../wire/xml';

/** GET /bucket/key?acl */
export const getObjectACL: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const xml = xmlDocument('AccessControlPolicy', {
    ...ownerElement(oss.accountId),
    AccessControlList: { Grant: version.acl ?? 'default' },
  });
  return { status: 200, headers: versionHeaders(bucket, version), xml };
};
