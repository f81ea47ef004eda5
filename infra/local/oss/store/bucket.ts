import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blobs, createBlobs } from './blobs';
import { removeRecords, writeRecord } from './records';
import type { Upload } from './uploads';
import type { DeleteMarker, ObjectVersion, Version } from './versions';

/** Undefined: versioning was never set, which cannot be had back once it was. */
type Versioning = 'Enabled' | 'Suspended' | undefined;

/** Who may do what without a signature. */
export type BucketAcl = 'private' | 'public-read' | 'public-read-write';

/** A retention policy; it ends by itself when it is not locked within 24 hours. */
export type Worm = { id: string; created: number; days: number; locked: boolean };

/** What is said of a bucket itself, and kept in its record. */
export type BucketFacts = {
  versioning: Versioning;
  acl: BucketAcl;
  storageClass: string;
  redundancy: 'LRS' | 'ZRS';
  worm: Worm | undefined;
  /** Configuration documents as they came in, by sub-resource: `lifecycle`, `policy`, `inventory/<id>`, `style/<name>`. */
  settings: ReadonlyMap<string, string>;
};

/** One bucket in memory; what is on disk follows `folder`. Times in milliseconds. */
export type Bucket = BucketFacts & {
  name: string;
  folder: string;
  created: number;
  /** The sequence number that the next version gets. */
  nextSequence: number;
  /** Newest first; a key without versions is not in the map. */
  versions: Map<string, Version[]>;
  uploads: Map<string, Upload>;
  blobs: Blobs;
  /** Operations on its objects that are under way. */
  operations: number;
};

const plain: BucketFacts = {
  versioning: undefined,
  acl: 'private',
  storageClass: 'Standard',
  redundancy: 'LRS',
  worm: undefined,
  settings: new Map(),
};

/** An empty bucket with its folders; it exists from `saveBucket` on. */
export async function newBucket(folder: string, name: string, created: number): Promise<Bucket> {
  for (const sub of ['versions', 'uploads', 'parts', 'blobs']) {
    await mkdir(join(folder, sub), { recursive: true, mode: 0o700 });
  }
  const blobs = createBlobs(join(folder, 'blobs'));
  const bucket: Bucket = {
    name,
    folder,
    created,
    nextSequence: 1,
    operations: 0,
    ...plain,
    versions: new Map(),
    uploads: new Map(),
    blobs,
  };
  return bucket;
}

/** Writes the bucket's own settings. */
export async function saveBucket(bucket: Bucket): Promise<void> {
  const { name, created, versioning, acl, storageClass, redundancy, worm } = bucket;
  const settings = [...bucket.settings];
  const facts = { name, created, versioning, acl, storageClass, redundancy, worm, settings };
  await writeRecord(bucket.folder, { id: 'bucket', ...facts });
}

/** Changes the bucket's own settings, on disk first. */
export async function alterBucket(bucket: Bucket, changes: Partial<BucketFacts>): Promise<void> {
  await saveBucket({ ...bucket, ...changes });
  Object.assign(bucket, changes);
}

/** Stores one configuration document, or with undefined removes it. */
export function saveSetting(bucket: Bucket, name: string, document: string | undefined): Promise<void> {
  const settings = new Map(bucket.settings);
  if (document === undefined) settings.delete(name);
  else settings.set(name, document);
  return alterBucket(bucket, { settings });
}

/** The newest version of a key, be it an object or a delete marker. */
export function currentVersion(bucket: Bucket, key: string): Version | undefined {
  return bucket.versions.get(key)?.[0];
}

/** The object that a plain GET would find, or undefined. */
export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const current = currentVersion(bucket, key);
  return current?.deleteMarker === false ? current : undefined;
}

/** The version of that id, or undefined. */
export function versionOf(bucket: Bucket, key: string, versionId: string): Version | undefined {
  return bucket.versions.get(key)?.find((version) => version.versionId === versionId);
}

type Fresh<Kind> = Omit<Kind, 'id' | 'sequence' | 'versionId'>;

/** Makes this the current version of its key, in place of the null version where versioning is not enabled. */
export async function addVersion(
  bucket: Bucket,
  fresh: Fresh<ObjectVersion> | Fresh<DeleteMarker>,
): Promise<Version> {
  const versionId = bucket.versioning === 'Enabled' ? `CAEQ${randomBytes(33).toString('base64url')}` : 'null';
  const version: Version = { ...fresh, id: randomUUID(), sequence: bucket.nextSequence++, versionId };
  await saveVersion(bucket, version);
  const older = bucket.versions.get(version.key) ?? [];
  const replaced = older.filter((one) => one.versionId === versionId);
  bucket.versions.set(version.key, [version, ...older.filter((one) => !replaced.includes(one))]);
  for (const one of replaced) await discard(bucket, one);
  return version;
}

/** Writes a version's record, as after a change of its tags. */
export async function saveVersion(bucket: Bucket, version: Version): Promise<void> {
  await writeRecord(join(bucket.folder, 'versions'), version);
}

/** Removes exactly this version, and its bytes. */
export async function removeVersion(bucket: Bucket, version: Version): Promise<void> {
  await discard(bucket, version);
  const left = (bucket.versions.get(version.key) ?? []).filter((one) => one !== version);
  if (left.length > 0) bucket.versions.set(version.key, left);
  else bucket.versions.delete(version.key);
}

async function discard(bucket: Bucket, version: Version): Promise<void> {
  await removeRecords(join(bucket.folder, 'versions'), [version.id]);
  if (!version.deleteMarker) await bucket.blobs.remove(version.blobs);
}
