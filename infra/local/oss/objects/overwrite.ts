import { isRetained } from '../buckets/worm';
import type { BlobFile } from '../store/blobs';
import { type Bucket, currentObject, versionOf } from '../store/bucket';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

type Overwrite = { forbid: boolean; now: number; blobs?: BlobFile[] };

/**
 * Throws FileImmutable when the object that would go is still retained, FileAlreadyExists as below, and drops the blobs
 * that came in for the new one.
 */
export async function checkOverwrite(
  bucket: Bucket,
  request: OssRequest,
  { forbid, now, blobs = [] }: Overwrite,
): Promise<void> {
  const replaced = bucket.versioning === 'Enabled' ? undefined : versionOf(bucket, request.key, 'null');
  try {
    if (replaced && isRetained(bucket, replaced, now)) throw new OssError('FileImmutable');
    if (forbid) refuseOverwrite(bucket, request);
  } catch (error) {
    await bucket.blobs.remove(blobs);
    throw error;
  }
}

/**
 * Throws FileAlreadyExists when the key has an object. Without effect once versioning is enabled or suspended (OSS
 * docs, x-oss-forbid-overwrite).
 */
export function refuseOverwrite(bucket: Bucket, { key }: OssRequest): void {
  if (bucket.versioning !== undefined || !currentObject(bucket, key)) return;
  throw new OssError('FileAlreadyExists', { extra: { Key: key } });
}
