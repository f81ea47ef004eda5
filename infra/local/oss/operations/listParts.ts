import { findUpload } from '../objects/find-upload';
import { pageSize } from '../objects/listing';
import { nameEncoding } from '../objects/name-encoding';
import { xmlTime } from '../store/event';
import { bucketOf, type Operation } from '../store/operation';
import type { Part } from '../store/uploads';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

/** GET /bucket/key?uploadId : the parts of an unfinished upload by number. */
export const listParts: Operation = (oss, request) => {
  const upload = findUpload(bucketOf(oss, request), request);
  const names = nameEncoding(request);
  const maxParts = pageSize(request.query.get('max-parts'), 'max-parts', { byDefault: 1000 });
  const marker = readMarker(request);
  const behind = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .sort((a, b) => a.number - b.number);
  const shown = behind.slice(0, maxParts);
  const xml = xmlDocument('ListPartsResult', {
    ...names.element,
    Bucket: request.bucket,
    Key: names.encode(upload.key),
    UploadId: upload.uploadId,
    StorageClass: upload.headers['x-oss-storage-class'],
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.number ?? marker,
    MaxParts: maxParts,
    IsTruncated: shown.length < behind.length,
    Part: shown.map(partElements),
  });
  return { status: 200, xml };
};

function readMarker({ query }: OssRequest): number {
  const text = query.get('part-number-marker') || '0';
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new OssError('InvalidArgument', {
    message: 'The part-number-marker is invalid.',
    extra: { ArgumentName: 'part-number-marker', ArgumentValue: text },
  });
}

function partElements({ number, modified, eTag, crc64, size }: Part) {
  return {
    PartNumber: number,
    LastModified: xmlTime(modified),
    ETag: `"${eTag}"`,
    HashCrc64ecma: crc64,
    Size: size,
  };
}
