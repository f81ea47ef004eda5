import { shouldSend } from '../conditions';
import { findVersion } from '../find-version';
import { objectHeaders } from '../object-headers';
import { bucketOf, type Operation } from '../operation';

/** HEAD /bucket/key */
export const headObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const headers = objectHeaders(bucket, version);
  if (!shouldSend(request, version)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-length': String(version.size) } };
};
