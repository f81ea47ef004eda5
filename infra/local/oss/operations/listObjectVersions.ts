import { restoreInfo } from '../objects/archive';
import { objectElements, ownerElement } from '../objects/list-objects';
import { type Listed, nameParameter, pageOf, pageSize } from '../objects/listing';
import { type NameEncoding, nameEncoding } from '../objects/name-encoding';
import type { Bucket } from '../store/bucket';
import { xmlTime } from '../store/event';
import { bucketOf, type Operation } from '../store/operation';
import type { Version } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?versions : objects and delete markers, by key and then newest first. */
export const listObjectVersions: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const names = nameEncoding(request);
  const wanted = readPageRequest(request);
  const page = pageOf(bucket.versions, wanted, ({ versionId }) => versionId);
  const elementsOf = (listed: Listed<Version>) => ({
    ...versionElements(bucket, listed, names),
    ...restoreInfo(listed.value, oss.now()),
    ...ownerElement(oss.accountId),
  });
  const xml = xmlDocument('ListVersionsResult', {
    ...names.element,
    Name: bucket.name,
    Prefix: names.encode(wanted.prefix),
    KeyMarker: names.encode(wanted.after),
    VersionIdMarker: wanted.afterId ?? '',
    MaxKeys: wanted.maxKeys,
    Delimiter: names.encode(wanted.delimiter),
    IsTruncated: page.isTruncated,
    NextKeyMarker: page.next && names.encode(page.next.key),
    NextVersionIdMarker: page.next?.id,
    Version: page.entries.filter(({ value }) => !value.deleteMarker).map(elementsOf),
    DeleteMarker: page.entries.filter(({ value }) => value.deleteMarker).map(elementsOf),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: names.encode(group) })),
  });
  return { status: 200, xml };
};

function readPageRequest({ query }: OssRequest) {
  const afterId = query.get('version-id-marker') || undefined;
  const after = nameParameter(query, 'key-marker');
  if (afterId !== undefined && after === '') {
    throw new OssError('InvalidArgument', {
      message: 'A version-id marker cannot be specified without a key marker.',
    });
  }
  return {
    after,
    afterId,
    prefix: nameParameter(query, 'prefix'),
    delimiter: nameParameter(query, 'delimiter'),
    maxKeys: pageSize(query.get('max-keys'), 'max-keys', { ec: '0012-00000102' }),
  };
}

function versionElements(bucket: Bucket, { key, id, value }: Listed<Version>, names: NameEncoding) {
  const common = { VersionId: id, IsLatest: bucket.versions.get(key)?.[0] === value };
  if (!value.deleteMarker) return { ...objectElements(value, names), ...common };
  return { Key: names.encode(key), LastModified: xmlTime(value.modified), ...common };
}
