import { checkMutable } from '../buckets/worm';
import { addVersion, type Bucket, currentObject, removeVersion, versionOf } from '../store/bucket';
import type { Change, EventName } from '../store/event';
import type { ObjectVersion, Version } from '../store/versions';

/** What is to be deleted at which time (ms): a key, or exactly one of its versions. */
export type Deletion = { key: string; versionId: string | undefined; time: number; eventName: EventName };

/** What became of it: the version that went, or the delete marker that was put. */
export type Deleted = { version?: Version; marker?: Version; change?: Change };

/** Hides a key behind a delete marker, or removes the version; what is not there is deleted too. Throws FileImmutable. */
export async function deleteKey(bucket: Bucket, deletion: Deletion): Promise<Deleted> {
  const { key, versionId, time, eventName } = deletion;
  if (versionId === undefined && bucket.versioning !== undefined) return hide(bucket, deletion);
  const version = versionOf(bucket, key, versionId ?? 'null');
  if (!version) return {};
  checkMutable(bucket, version, time);
  await removeVersion(bucket, version);
  const change = removed(version.deleteMarker ? undefined : version);
  return { version, change: { ...change, eventName, key } };
}

async function hide(bucket: Bucket, { key, time, eventName }: Deletion): Promise<Deleted> {
  const hidden = currentObject(bucket, key);
  if (bucket.versioning === 'Suspended') checkMutable(bucket, versionOf(bucket, key, 'null'), time);
  const marker = await addVersion(bucket, { key, modified: time, deleteMarker: true });
  return { marker, change: { ...removed(hidden), deltaSize: 0, eventName, key } };
}

function removed(object: ObjectVersion | undefined) {
  const { eTag, size, headers } = object ?? { eTag: '', size: 0, headers: {} };
  return { eTag, size, deltaSize: 0 - size, headers };
}
