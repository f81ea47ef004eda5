import { findVersion, versionHeaders } from '../objects/find-version';
import { httpTime } from '../objects/object-headers';
import { bucketOf, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';

/** GET /bucket/key?symlink : where the symlink points to. */
export const getSymlink: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  if (version.target === undefined) throw new OssError('NotSymlink');
  const headers = {
    ...versionHeaders(bucket, version),
    'content-type': 'text/plain',
    etag: `"${version.eTag}"`,
    'last-modified': httpTime(version.modified),
    'x-oss-symlink-target': version.target,
  };
  return { status: 200, headers };
};
