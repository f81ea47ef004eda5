import { addVersion, type Bucket, removeVersion, saveVersion } from '../store/bucket';
import type { Oss } from '../store/operation';
import { removeUpload } from '../store/uploads';
import type { ObjectVersion, Version } from '../store/versions';
import { isDue } from './lifecycle-due';
import { lifecycleRules, type Rule, type Scope, type Transition } from './lifecycle-rules';
import { isRetained } from './worm';

type Clerk = Pick<Oss, 'store' | 'now'>;

/**
 * Does what the lifecycle rules of all buckets ask for by now. OSS does so once a day; here it is done whenever it
 * is due. It raises no events.
 */
export async function runLifecycle(oss: Clerk): Promise<void> {
  for (const bucket of [...oss.store.buckets.values()]) {
    const document = bucket.settings.get('lifecycle');
    if (document === undefined) continue;
    const rules = lifecycleRules(document).filter(({ enabled }) => enabled);
    for (const rule of rules) await applyRule(oss, bucket, rule);
  }
}

async function applyRule(oss: Clerk, bucket: Bucket, rule: Rule): Promise<void> {
  const now = oss.now();
  const keys = [...bucket.versions.keys()].filter((key) => key.startsWith(rule.prefix));
  for (const key of keys) {
    if (!somethingDue(bucket, key, rule, now)) continue;
    await oss.store.exclusively(`${bucket.name}/${key}`, () => applyToKey(oss, bucket, { key, rule }));
  }
  for (const upload of [...bucket.uploads.values()]) {
    const due = rule.abort && upload.key.startsWith(rule.prefix) && isDue(rule.abort, upload.initiated, now);
    if (!due) continue;
    await oss.store.exclusively(`${bucket.name}/${upload.key}`, async () => {
      if (bucket.uploads.has(upload.uploadId)) await removeUpload(bucket, upload, []);
    });
  }
}

type Work = { key: string; rule: Rule };

async function applyToKey(oss: Clerk, bucket: Bucket, { key, rule }: Work): Promise<void> {
  if (oss.store.buckets.get(bucket.name) !== bucket) return;
  for (const action of actions(bucket, key, { rule, now: oss.now() })) await action();
}

function somethingDue(bucket: Bucket, key: string, rule: Rule, now: number): boolean {
  return actions(bucket, key, { rule, now }).length > 0;
}

type Moment = { rule: Rule; now: number };

// Older versions first: a delete marker that is left alone by that goes at the next run.
function actions(bucket: Bucket, key: string, { rule, now }: Moment): (() => Promise<unknown>)[] {
  const [current, ...older] = bucket.versions.get(key) ?? [];
  if (!current) return [];
  const noncurrent = older.flatMap((version, at) => {
    const since = (older[at - 1] ?? current).modified;
    return noncurrentAction(bucket, version, { rule, now, since });
  });
  return [...noncurrent, ...currentAction(bucket, current, { rule, now, alone: older.length === 0 })];
}

function noncurrentAction(
  bucket: Bucket,
  version: Version,
  { rule, now, since }: Moment & { since: number },
): (() => Promise<unknown>)[] {
  if (!version.deleteMarker && !isInScope(rule, version)) return [];
  if (rule.noncurrentExpiration && isDue(rule.noncurrentExpiration, since, now)) {
    return isRetained(bucket, version, now) ? [] : [() => removeVersion(bucket, version)];
  }
  const due = dueOf(rule.noncurrentTransitions, since, now);
  return transitionAction(bucket, version, due);
}

function currentAction(
  bucket: Bucket,
  current: Version,
  { rule, now, alone }: Moment & { alone: boolean },
): (() => Promise<unknown>)[] {
  if (current.deleteMarker) {
    return rule.expiredDeleteMarker && alone ? [() => removeVersion(bucket, current)] : [];
  }
  if (!isInScope(rule, current)) return [];
  if (rule.expiration && isDue(rule.expiration, current.modified, now)) {
    return expires(bucket, current, now) ? [() => expire(bucket, current, now)] : [];
  }
  const due = dueOf(rule.transitions, current.modified, now);
  return transitionAction(bucket, current, due);
}

// Where versioning is enabled nothing goes, the object is only hidden.
function expires(bucket: Bucket, current: ObjectVersion, now: number): boolean {
  return bucket.versioning === 'Enabled' || !isRetained(bucket, current, now);
}

async function expire(bucket: Bucket, current: ObjectVersion, modified: number): Promise<void> {
  if (bucket.versioning === undefined) return removeVersion(bucket, current);
  await addVersion(bucket, { key: current.key, modified, deleteMarker: true });
}

function dueOf(transitions: Transition[], changed: number, now: number): Transition[] {
  return transitions.filter((transition) => !transition.byAccess && isDue(transition, changed, now));
}

const coldness = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

// Only ever to a colder class; of several that are due to the coldest.
function transitionAction(
  bucket: Bucket,
  version: Version,
  due: { storageClass: string }[],
): (() => Promise<unknown>)[] {
  if (version.deleteMarker) return [];
  const is = coldness.indexOf(version.headers['x-oss-storage-class'] ?? 'Standard');
  const coldest = Math.max(...due.map(({ storageClass }) => coldness.indexOf(storageClass)));
  const storageClass = coldness[coldest];
  if (storageClass === undefined || coldest <= is) return [];
  return [() => changeClass(bucket, version, storageClass)];
}

async function changeClass(bucket: Bucket, version: ObjectVersion, storageClass: string): Promise<void> {
  const headers = { ...version.headers, 'x-oss-storage-class': storageClass };
  await saveVersion(bucket, { ...version, headers });
  version.headers = headers;
}

function isInScope(scope: Scope, { key, tags, size }: ObjectVersion): boolean {
  const has = (wanted: { key: string; value: string }) =>
    tags.some((tag) => tag.key === wanted.key && tag.value === wanted.value);
  if (!scope.tags.every(has)) return false;
  if (scope.largerThan !== undefined && size <= scope.largerThan) return false;
  if (scope.smallerThan !== undefined && size >= scope.smallerThan) return false;
  return !scope.not.some(({ prefix, tag }) => key.startsWith(prefix) && (tag === undefined || has(tag)));
}
