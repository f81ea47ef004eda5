import { findVersion, versionHeaders } from '../objects/find-version';
import { httpTime } from '../objects/object-headers';
import { targetOf } from '../objects/symlink';
import { bucketOf, type Operation } from '../store/operation';

/** HEAD /bucket/key?objectMeta : only ETag, size, time and CRC. */
export const getObjectMeta: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const bytes = targetOf(oss, bucket, version);
  const headers = {
    ...versionHeaders(bucket, version),
    etag: `"${bytes.eTag}"`,
    'content-length': String(bytes.size),
    'last-modified': httpTime(Math.max(version.modified, bytes.modified)),
    'x-oss-hash-crc64ecma': bytes.crc64,
  };
  return { status: 200, headers };
};
