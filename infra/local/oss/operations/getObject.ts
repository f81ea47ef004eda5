import { shouldSend } from '../conditions';
import { findVersion } from '../find-version';
import { objectHeaders } from '../object-headers';
import { bucketOf, type Operation } from '../operation';
import { requestedRange } from '../range';
import { responseOverrides } from '../response-overrides';

/** GET /bucket/key */
export const getObject: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  const headers = { ...objectHeaders(bucket, version), ...responseOverrides(request) };
  if (!shouldSend(request, version)) return { status: 304, headers };
  const range = requestedRange(request, version.size);
  const { start, end } = range ?? { start: 0, end: version.size - 1 };
  const content = bucket.blobs.read(version.blobs, { start, end });
  const length = { 'content-length': String(end - start + 1) };
  if (!range) return { status: 200, headers: { ...headers, ...length }, content };
  const contentRange = { 'content-range': `bytes ${start}-${end}/${version.size}` };
  return { status: 206, headers: { ...headers, ...length, ...contentRange }, content };
};
