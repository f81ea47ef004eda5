import { restoreHeaders } from '../archive';
import { shouldSend } from '../conditions';
import { findVersion } from '../find-version';
import { objectHeaders } from '../object-headers';
import { bucketOf, type Operation } from '../operation';
import { targetOf } from '../symlink';

/** HEAD /bucket/key */
export const headObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const bytes = targetOf(bucket, version);
  const headers = { ...objectHeaders(bucket, version, bytes), ...restoreHeaders(bytes, oss.now()) };
  if (!shouldSend(request, bytes)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-length': String(bytes.size) } };
};
