import { taggingXml } from '../buckets/tagging';
import { findVersion, versionHeaders } from '../objects/find-version';
import { bucketOf, type Operation } from '../store/operation';

/** GET /bucket/key?tagging */
export const getObjectTagging: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const version = findVersion(bucket, request);
  return { status: 200, headers: versionHeaders(bucket, version), xml: taggingXml(version.tags) };
};
