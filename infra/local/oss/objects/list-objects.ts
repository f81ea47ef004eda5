import type { Bucket } from '../store/bucket';
import { xmlTime } from '../store/event';
import type { ObjectVersion } from '../store/versions';
import type { OssRequest } from '../wire/request';
import type { Content } from '../wire/xml';
import { nameParameter, type Page, pageOf, pageSize } from './listing';
import { type NameEncoding, nameEncoding } from './name-encoding';

/** What both versions of ListObjects have in common: the page, and its elements of the answer. */
export type ObjectsPage = {
  page: Page<ObjectVersion>;
  names: NameEncoding;
  elements: { [name: string]: Content | Content[] | undefined };
};

/** The current objects of a bucket behind `after`; delete markers and older versions do not show. */
export function objectsPage(bucket: Bucket, request: OssRequest, after: string): ObjectsPage {
  const names = nameEncoding(request);
  const prefix = nameParameter(request.query, 'prefix');
  const delimiter = nameParameter(request.query, 'delimiter');
  const maxKeys = pageSize(request.query.get('max-keys'), 'max-keys', { ec: '0015-00000402' });
  const page = pageOf(currentObjects(bucket), { prefix, delimiter, after, maxKeys });
  const elements = {
    ...names.element,
    Name: bucket.name,
    Prefix: names.encode(prefix),
    MaxKeys: maxKeys,
    Delimiter: names.encode(delimiter),
    IsTruncated: page.isTruncated,
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: names.encode(group) })),
  };
  return { page, names, elements };
}

/** How an object is told of in a list. */
export function objectElements(object: ObjectVersion, names: NameEncoding) {
  return {
    Key: names.encode(object.key),
    LastModified: xmlTime(object.modified),
    ETag: `"${object.eTag}"`,
    Type: object.type,
    Size: object.size,
    StorageClass: object.headers['x-oss-storage-class'],
  };
}

/** The account as owner. */
export function ownerElement(accountId: string) {
  return { Owner: { ID: accountId, DisplayName: accountId } };
}

function currentObjects(bucket: Bucket): Map<string, ObjectVersion[]> {
  const objects = new Map<string, ObjectVersion[]>();
  for (const [key, [current]] of bucket.versions) {
    if (current?.deleteMarker === false) objects.set(key, [current]);
  }
  return objects;
}
