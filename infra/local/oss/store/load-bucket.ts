import { join } from 'node:path';
import { type Bucket, type BucketFacts, newBucket } from './bucket';
import { readRecords, removeRecords } from './records';
import type { Part, Upload } from './uploads';
import type { Version } from './versions';

// A bucket of an earlier release has its versioning only.
type BucketRecord = { name: string; created: number; settings?: [string, string][] } & Partial<
  Omit<BucketFacts, 'settings'>
>;
type UploadRecord = Omit<Upload, 'parts' | 'uploadId'> & { id: string };

/** Reads a bucket back from its folder and finishes what a crash left half-done; undefined: no bucket there. */
export async function loadBucket(folder: string): Promise<Bucket | undefined> {
  const [record] = await readRecords<BucketRecord>(folder);
  if (!record) return undefined;
  const bucket = await newBucket(folder, record.name, record.created);
  const { settings = [], ...facts } = record;
  Object.assign(bucket, facts, { settings: new Map(settings) });
  await loadVersions(bucket);
  await loadUploads(bucket);
  await loadParts(bucket);
  await bucket.blobs.keepOnly(blobsInUse(bucket));
  return bucket;
}

async function loadVersions(bucket: Bucket): Promise<void> {
  const folder = join(bucket.folder, 'versions');
  const newestFirst = (await readRecords<Version>(folder)).sort((a, b) => b.sequence - a.sequence);
  const replaced: string[] = [];
  for (const version of newestFirst) {
    const newer = bucket.versions.get(version.key) ?? [];
    const twin = newer.some(({ versionId }) => versionId === version.versionId);
    if (twin) replaced.push(version.id);
    else bucket.versions.set(version.key, [...newer, version]);
  }
  bucket.nextSequence = (newestFirst[0]?.sequence ?? 0) + 1;
  await removeRecords(folder, replaced);
}

async function loadUploads(bucket: Bucket): Promise<void> {
  const folder = join(bucket.folder, 'uploads');
  const completed = new Set([...bucket.versions.values()].flat().map(uploadIdOf));
  for (const { id, ...record } of await readRecords<UploadRecord>(folder)) {
    if (completed.has(id)) await removeRecords(folder, [id]);
    else bucket.uploads.set(id, { ...record, uploadId: id, parts: new Map() });
  }
}

function uploadIdOf(version: Version): string | undefined {
  return version.deleteMarker ? undefined : version.uploadId;
}

async function loadParts(bucket: Bucket): Promise<void> {
  const folder = join(bucket.folder, 'parts');
  const oldestFirst = (await readRecords<Part>(folder)).sort((a, b) => a.modified - b.modified);
  const useless: string[] = [];
  for (const part of oldestFirst) {
    const parts = bucket.uploads.get(part.uploadId)?.parts;
    const beaten = parts ? parts.get(part.number) : part;
    if (beaten) useless.push(beaten.id);
    parts?.set(part.number, part);
  }
  await removeRecords(folder, useless);
}

function blobsInUse(bucket: Bucket): Set<string> {
  const objects = [...bucket.versions.values()].flat().filter((version) => !version.deleteMarker);
  const parts = [...bucket.uploads.values()].flatMap((upload) => [...upload.parts.values()]);
  const blobs = [...objects.flatMap((object) => object.blobs), ...parts.map((part) => part.blob)];
  return new Set(blobs.map(({ id }) => id));
}
