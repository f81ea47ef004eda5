import { findVersion, versionHeaders } from '../find-version';
import { httpTime } from '../object-headers';
import { bucketOf, type Operation } from '../operation';
import { targetOf } from '../symlink';

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
