import { findUpload } from '../objects/find-upload';
import { checksumHeaders, encryptionHeaders } from '../objects/object-headers';
import { checkSequence, partNumber, refuseEncryption, stillThere } from '../objects/part';
import { receiveBody } from '../objects/receive-body';
import { bucketOf, changeKey, type Operation } from '../store/operation';
import { addPart } from '../store/uploads';

const noSuchUpload = '0042-00000104';

/** PUT /bucket/key?partNumber&uploadId : the last body sent for a number is the part. */
export const uploadPart: Operation = async (oss, request) => {
  const number = partNumber(request);
  refuseEncryption(request);
  checkSequence(findUpload(bucketOf(oss, request), request, noSuchUpload), number);
  const { blob, md5, crc64 } = await receiveBody(bucketOf(oss, request), request);
  return changeKey(oss, request, async (bucket) => {
    const upload = await stillThere(bucket, request, { blob, ec: noSuchUpload });
    const part = { number, size: blob.size, eTag: md5, crc64, blob };
    await addPart(bucket, upload, { ...part, modified: oss.now() });
    const change = {
      eventName: 'ObjectCreated:UploadPart' as const,
      eTag: md5,
      size: blob.size,
      deltaSize: blob.size,
      headers: upload.headers,
    };
    const headers = { ...checksumHeaders({ ...part, type: 'Normal' }), ...encryptionHeaders(upload.headers) };
    return { status: 200, headers, change };
  });
};
