import type { Bucket } from '../store/bucket';
import type { Upload } from '../store/uploads';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/** The unfinished upload of this key that the request names. Throws NoSuchUpload. */
export function findUpload(bucket: Bucket, { key, query }: OssRequest, ec?: string): Upload {
  const uploadId = query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(uploadId);
  if (upload?.key === key) return upload;
  throw new OssError('NoSuchUpload', { extra: { UploadId: uploadId }, ...(ec ? { ec } : {}) });
}
