import type { Bucket } from '../bucket';
import { OssError } from '../errors';
import { findUpload } from '../find-upload';
import { checksumHeaders } from '../object-headers';
import { bucketOf, changeKey, type Operation } from '../operation';
import { receiveBody } from '../receive-body';
import type { OssRequest } from '../request';
import { addPart, type Upload } from '../uploads';

const noSuchUpload = '0042-00000104';

/** PUT /bucket/key?partNumber&uploadId : the last body sent for a number is the part. */
export const uploadPart: Operation = async (oss, request) => {
  const number = partNumber(request);
  findUpload(bucketOf(oss, request), request, noSuchUpload);
  const { blob, md5, crc64 } = await receiveBody(bucketOf(oss, request), request);
  return changeKey(oss, request, async (bucket) => {
    const upload = await stillThere(bucket, request, () => bucket.blobs.remove([blob]));
    const part = { number, size: blob.size, eTag: md5, crc64, blob };
    await addPart(bucket, upload, { ...part, modified: oss.now() });
    const change = {
      ...{ eventName: 'ObjectCreated:UploadPart' as const, eTag: md5 },
      ...{ size: blob.size, deltaSize: blob.size, headers: upload.headers },
    };
    return { status: 200, headers: checksumHeaders({ ...part, type: 'Normal' }), change };
  });
};

async function stillThere(
  bucket: Bucket,
  request: OssRequest,
  discard: () => Promise<void>,
): Promise<Upload> {
  try {
    return findUpload(bucket, request, noSuchUpload);
  } catch (error) {
    await discard();
    throw error;
  }
}

function partNumber({ query }: OssRequest): number {
  const text = query.get('partNumber') ?? '';
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 10_000) return number;
  throw new OssError('InvalidArgument', {
    message: 'Part number must be an integer between 1 and 10000, inclusive.',
    extra: { ArgumentName: 'partNumber', ArgumentValue: text },
  });
}
