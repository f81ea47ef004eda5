import { findVersion, versionHeaders } from '../find-version';
import { httpTime } from '../object-headers';
import { bucketOf, type Operation } from '../operation';

/** HEAD /bucket/key?objectMeta : only ETag, size, time and CRC. */
export const getObjectMeta: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const headers = {
    ...versionHeaders(bucket, version),
    etag: `"${version.eTag}"`,
    'content-length': String(version.size),
    'last-modified': httpTime(version.modified),
    'x-oss-hash-crc64ecma': version.crc64,
  };
  return { status: 200, headers };
};
