import type { BlobFile } from './blobs';
import { type Bucket, currentObject } from './bucket';
import { OssError } from './errors';
import type { OssRequest } from './request';

/**
 * Throws FileAlreadyExists when the key has an object, and drops the blobs that came in for it. Without effect
 * once versioning is enabled or suspended (OSS docs, x-oss-forbid-overwrite).
 */
export async function refuseOverwrite(
  bucket: Bucket,
  { key }: OssRequest,
  blobs: BlobFile[] = [],
): Promise<void> {
  if (bucket.versioning !== undefined || !currentObject(bucket, key)) return;
  await bucket.blobs.remove(blobs);
  throw new OssError('FileAlreadyExists', { extra: { Key: key } });
}
