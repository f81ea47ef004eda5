import { checkReadable } from '../objects/archive';
import { type CopySource, copiedVersion, copySource, mayCopy } from '../objects/copy-source';
import { findUpload } from '../objects/find-upload';
import { partNumber, refuseEncryption, stillThere } from '../objects/part';
import { requestedRange } from '../objects/range';
import { targetOf } from '../objects/symlink';
import { largestBody, type Range, type ReceivedBlob } from '../store/blobs';
import type { Bucket } from '../store/bucket';
import { xmlTime } from '../store/event';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import { addPart } from '../store/uploads';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { xmlDocument } from '../wire/xml';

const noSuchUpload = '0042-00000311';

/** PUT /bucket/key?partNumber&uploadId with x-oss-copy-source : a part out of another object, or of a range of it. */
export const uploadPartCopy: Operation = async (oss, request) => {
  const number = partNumber(request);
  refuseEncryption(request);
  findUpload(bucketOf(oss, request), request, noSuchUpload);
  const source = copySource(oss, request);
  if (!mayCopy(request, source)) return { status: 304 };
  const object = targetOf(oss, source.bucket, source.object);
  checkReadable(object, oss.now());
  const range = sourceRange(request, object.size);
  const { blob, md5, crc64 } = await copied(source.bucket, { object, range }, bucketOf(oss, request));
  return changeKey(oss, request, async (bucket) => {
    const upload = await stillThere(bucket, request, { blob, ec: noSuchUpload });
    const modified = oss.now();
    await addPart(bucket, upload, { number, size: blob.size, eTag: md5, crc64, blob, modified });
    const headers = { etag: `"${md5}"`, 'x-oss-hash-crc64ecma': crc64, ...copiedVersion(source) };
    const change = {
      eventName: 'ObjectCreated:UploadPartCopy' as const,
      eTag: md5,
      size: blob.size,
      deltaSize: blob.size,
      headers: upload.headers,
    };
    const result = { LastModified: xmlTime(modified), ETag: `"${md5}"` };
    return { status: 200, headers, xml: xmlDocument('CopyPartResult', result), change };
  });
};

// A range that does not fit means the whole object, as in GetObject.
function sourceRange({ headers }: OssRequest, size: number): Range {
  const wanted = { headers: { range: headers['x-oss-copy-source-range'] ?? '' } };
  const range = requestedRange(wanted, size) ?? { start: 0, end: size - 1 };
  if (range.end - range.start < largestBody) return range;
  throw new OssError('EntityTooLarge', { extra: { ProposedSize: String(range.end - range.start + 1) } });
}

type Piece = { object: CopySource['object']; range: Range };

async function copied(from: Bucket, { object, range }: Piece, to: Bucket): Promise<ReceivedBlob> {
  const reading = from.blobs.read(object.blobs, range);
  try {
    return await to.blobs.receive(reading.bytes);
  } finally {
    await reading.release();
  }
}
