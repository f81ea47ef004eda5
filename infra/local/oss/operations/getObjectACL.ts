import { findVersion, versionHeaders } from '../find-version';
import { ownerElement } from '../list-objects';
import { bucketOf, type Operation } from '../operation';
import { xmlDocument } from '../xml';

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
