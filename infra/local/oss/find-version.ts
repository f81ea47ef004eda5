import { type Bucket, currentVersion, versionOf } from './bucket';
import { OssError } from './errors';
import type { OssRequest } from './request';
import type { ObjectVersion, Version } from './versions';

/**
 * The object that a request means: the current one, or that of its versionId. Throws NoSuchKey (404) when the
 * current version is a delete marker, MethodNotAllowed (405) when the versionId names one, NoSuchVersion.
 */
export function findVersion(bucket: Bucket, request: OssRequest): ObjectVersion {
  const versionId = request.query.get('versionId');
  if (versionId === undefined) return findCurrent(bucket, request.key);
  const version = versionOf(bucket, request.key, versionId);
  if (!version) throw new OssError('NoSuchVersion', { extra: { Key: request.key, VersionId: versionId } });
  if (!version.deleteMarker) return version;
  throw new OssError('MethodNotAllowed', { headers: markerHeaders(bucket, version) });
}

function findCurrent(bucket: Bucket, key: string): ObjectVersion {
  const current = currentVersion(bucket, key);
  if (current?.deleteMarker === false) return current;
  const headers = current ? markerHeaders(bucket, current) : {};
  throw new OssError('NoSuchKey', { extra: { Key: key }, headers });
}

function markerHeaders(bucket: Bucket, marker: Version): Record<string, string> {
  return { ...versionHeaders(bucket, marker), 'x-oss-delete-marker': 'true' };
}

/** x-oss-version-id, on every answer about a version once the bucket's versioning was ever set. */
export function versionHeaders(bucket: Bucket, version: Version): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-oss-version-id': version.versionId };
}
