import { findUpload } from '../objects/find-upload';
import { changeKey, type Operation } from '../store/operation';
import { removeUpload } from '../store/uploads';

/** DELETE /bucket/key?uploadId : removes the upload and its parts. */
export const abortMultipartUpload: Operation = (oss, request) =>
  changeKey(oss, request, async (bucket) => {
    const upload = findUpload(bucket, request);
    await removeUpload(bucket, upload, []);
    const change = {
      eventName: 'ObjectRemoved:AbortMultipartUpload' as const,
      eTag: '',
      size: 0,
      deltaSize: 0,
      headers: upload.headers,
    };
    return { status: 204, change };
  });
