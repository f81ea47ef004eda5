import { type Bucket, currentVersion, versionOf } from '../store/bucket';
import type { ObjectVersion, Version } from '../store/versions';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/**
 * The object that a request means: the current one, or that of its versionId. Throws NoSuchKey (404) when the
 * current version is a delete marker, MethodNotAllowed (405) when the versionId names one, NoSuchVersion.
 */
export function findVersion(bucket: Bucket, request: OssRequest): ObjectVersion {
  return findNamed(bucket, request.key, requestedVersion(request));
}

/** The same for a key and version id from elsewhere than the URL. */
export function findNamed(bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId === undefined) return findCurrent(bucket, key);
  const version = versionOf(bucket, key, versionId);
  if (!version) throw new OssError('NoSuchVersion', { extra: { Key: key, VersionId: versionId } });
  if (!version.deleteMarker) return version;
  throw new OssError('MethodNotAllowed', { headers: markerHeaders(bucket, version) });
}

/** The versionId of the URL. Throws InvalidArgument when it cannot be one. */
export function requestedVersion({ query }: OssRequest): string | undefined {
  return checkedVersionId(query.get('versionId'));
}

/** Throws InvalidArgument unless the version id is `null`, or of the form that OSS gives, or absent. */
export function checkedVersionId(versionId: string | undefined): string | undefined {
  if (versionId === undefined || versionId === 'null' || /^CAEQ[\w.-]*$/.test(versionId)) return versionId;
  throw new OssError('InvalidArgument', {
    message: 'Invalid version id specified',
    extra: { ArgumentName: 'versionId', ArgumentValue: versionId },
  });
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
