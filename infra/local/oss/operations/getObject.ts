import { checkReadable, restoreHeaders } from '../objects/archive';
import { shouldSend } from '../objects/conditions';
import { findVersion } from '../objects/find-version';
import { compressedAnswer } from '../objects/gzip';
import { objectHeaders } from '../objects/object-headers';
import { requestedRange } from '../objects/range';
import { targetOf } from '../objects/symlink';
import { bucketOf, type Operation } from '../store/operation';
import { responseOverrides } from '../wire/response-overrides';

/** GET /bucket/key : of a symlink the bytes of its target. */
export const getObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const bytes = targetOf(oss, bucket, version);
  checkReadable(bytes, oss.now());
  const told = { ...objectHeaders(bucket, version, bytes), ...restoreHeaders(bytes, oss.now()) };
  const headers = { ...told, ...responseOverrides(request) };
  if (!shouldSend(request, bytes)) return { status: 304, headers };
  const range = requestedRange(request, bytes.size);
  const { start, end } = range ?? { start: 0, end: bytes.size - 1 };
  const content = bucket.blobs.read(bytes.blobs, { start, end });
  const length = { 'content-length': String(end - start + 1) };
  if (!range) {
    return compressedAnswer(
      request,
      { status: 200, headers: { ...headers, ...length }, content },
      bytes.size,
    );
  }
  const contentRange = { 'content-range': `bytes ${start}-${end}/${bytes.size}` };
  return { status: 206, headers: { ...headers, ...length, ...contentRange }, content };
};
