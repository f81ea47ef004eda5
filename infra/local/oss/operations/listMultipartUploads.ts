import { nameParameter, pageOf, pageSize } from '../objects/listing';
import { nameEncoding } from '../objects/name-encoding';
import type { Bucket } from '../store/bucket';
import { xmlTime } from '../store/event';
import { bucketOf, type Operation } from '../store/operation';
import type { Upload } from '../store/uploads';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?uploads : the unfinished uploads, by key and then upload id. */
export const listMultipartUploads: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const names = nameEncoding(request);
  const wanted = readPageRequest(request);
  const page = pageOf(uploadsByKey(bucket), wanted, ({ uploadId }) => uploadId);
  const xml = xmlDocument('ListMultipartUploadsResult', {
    ...names.element,
    Bucket: bucket.name,
    KeyMarker: names.encode(wanted.after),
    UploadIdMarker: wanted.afterId ?? '',
    Prefix: names.encode(wanted.prefix),
    Delimiter: names.encode(wanted.delimiter),
    MaxUploads: wanted.maxKeys,
    IsTruncated: page.isTruncated,
    // Always there, as in the documented example: oss2 does not read the list without them.
    NextKeyMarker: names.encode(page.next?.key ?? ''),
    NextUploadIdMarker: page.next?.id ?? '',
    Upload: page.entries.map(({ key, id, value }) => ({
      Key: names.encode(key),
      UploadId: id,
      Initiated: xmlTime(value.initiated),
      StorageClass: value.headers['x-oss-storage-class'],
    })),
    CommonPrefixes: page.commonPrefixes.map((group) => ({ Prefix: names.encode(group) })),
  });
  return { status: 200, xml };
};

// Without a key marker the upload id marker is ignored (OSS docs, "ListMultipartUploads").
function readPageRequest({ query }: OssRequest) {
  const after = nameParameter(query, 'key-marker');
  return {
    idsAscend: true as const,
    after,
    afterId: after === '' ? undefined : query.get('upload-id-marker') || undefined,
    prefix: nameParameter(query, 'prefix'),
    delimiter: nameParameter(query, 'delimiter'),
    maxKeys: pageSize(query.get('max-uploads'), 'max-uploads', { byDefault: 1000 }),
  };
}

function uploadsByKey({ uploads }: Bucket): Map<string, Upload[]> {
  const byKey = new Map<string, Upload[]>();
  const sorted = [...uploads.values()].sort((a, b) => (a.uploadId < b.uploadId ? -1 : 1));
  for (const upload of sorted) byKey.set(upload.key, [...(byKey.get(upload.key) ?? []), upload]);
  return byKey;
}
