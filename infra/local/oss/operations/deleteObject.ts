import { addVersion, type Bucket, currentObject, removeVersion, versionOf } from '../bucket';
import type { Change } from '../event';
import { type Answer, changeKey, type Operation } from '../operation';
import type { ObjectVersion, Version } from '../versions';

/** DELETE /bucket/key : hides the object behind a delete marker, or removes exactly the version named. */
export const deleteObject: Operation = (oss, request) =>
  changeKey(oss, request, async (bucket) => {
    const versionId = request.query.get('versionId');
    const unversioned = bucket.versioning === undefined;
    if (versionId === undefined && !unversioned) return hide(bucket, request.key, oss.now());
    const version = versionOf(bucket, request.key, versionId ?? 'null');
    const answer = { status: 204, headers: unversioned ? {} : removedHeaders(versionId, version) };
    if (!version) return answer;
    await removeVersion(bucket, version);
    return { ...answer, change: removed(version.deleteMarker ? undefined : version) };
  });

async function hide(bucket: Bucket, key: string, modified: number): Promise<Answer> {
  const hidden = currentObject(bucket, key);
  const marker = await addVersion(bucket, { key, modified, deleteMarker: true });
  const change = { ...removed(hidden), deltaSize: 0 };
  return { status: 204, headers: removedHeaders(marker.versionId, marker), change };
}

function removedHeaders(versionId: string | undefined, version: Version | undefined): Record<string, string> {
  const marker = version?.deleteMarker ? { 'x-oss-delete-marker': 'true' } : {};
  return { 'x-oss-version-id': versionId ?? 'null', ...marker };
}

function removed(object: ObjectVersion | undefined): Change {
  const { eTag, size, headers } = object ?? { eTag: '', size: 0, headers: {} };
  return { eventName: 'ObjectRemoved:DeleteObject', eTag, size, deltaSize: -size, headers };
}
