import { restoreHeaders } from '../objects/archive';
import { shouldSend } from '../objects/conditions';
import { findVersion } from '../objects/find-version';
import { compressedAnswer } from '../objects/gzip';
import { objectHeaders } from '../objects/object-headers';
import { targetOf } from '../objects/symlink';
import { bucketOf, type Operation } from '../store/operation';

/** HEAD /bucket/key */
export const headObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const bytes = targetOf(oss, bucket, version);
  const headers = { ...objectHeaders(bucket, version, bytes), ...restoreHeaders(bytes, oss.now()) };
  if (!shouldSend(request, bytes)) return { status: 304, headers };
  const length = { 'content-length': String(bytes.size) };
  return compressedAnswer(request, { status: 200, headers: { ...headers, ...length } }, bytes.size);
};
