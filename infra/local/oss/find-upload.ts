import type { Bucket } from './bucket';
import { OssError } from './errors';
import type { OssRequest } from './request';
import type { Upload } from './uploads';

/** The unfinished upload of this key that the request names. Throws NoSuchUpload. */
export function findUpload(bucket: Bucket, { key, query }: OssRequest, ec?: string): Upload {
  const uploadId = query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(uploadId);
  if (upload?.key === key) return upload;
  throw new OssError('NoSuchUpload', { extra: { UploadId: uploadId }, ...(ec ? { ec } : {}) });
}
