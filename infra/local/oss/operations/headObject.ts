import { restoreHeaders } from '../archive';
import { shouldSend } from '../conditions';
import { findVersion } from '../find-version';
import { compressed } from '../gzip';
import { objectHeaders } from '../object-headers';
import { bucketOf, type Operation } from '../operation';
import { targetOf } from '../symlink';

/** HEAD /bucket/key */
export const headObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const bytes = targetOf(oss, bucket, version);
  const headers = { ...objectHeaders(bucket, version, bytes), ...restoreHeaders(bytes, oss.now()) };
  if (!shouldSend(request, bytes)) return { status: 304, headers };
  const length = { 'content-length': String(bytes.size) };
  return compressed(request, { status: 200, headers: { ...headers, ...length } }, bytes.size);
};
