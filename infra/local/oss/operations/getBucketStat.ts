import type { Bucket } from '../store/bucket';
import { bucketOf, type Operation } from '../store/operation';
import type { ObjectVersion } from '../store/versions';
import { xmlDocument } from '../wire/xml';

/** GET /bucket?stat : bytes and counts of all versions; of the cheaper classes an object counts as 64 KB at least. */
export const getBucketStat: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const versions = [...bucket.versions.values()].flat();
  const objects = versions.filter((version): version is ObjectVersion => !version.deleteMarker);
  const parts = [...bucket.uploads.values()].map((upload) => upload.parts.size);
  const xml = xmlDocument('BucketStat', {
    Storage: bytes(objects),
    ObjectCount: objects.length,
    MultipartUploadCount: bucket.uploads.size,
    LiveChannelCount: 0,
    LastModifiedTime: Math.floor(lastModified(bucket) / 1000),
    StandardStorage: bytes(ofClass(objects, 'Standard')),
    StandardObjectCount: ofClass(objects, 'Standard').length,
    ...cheap(objects, 'InfrequentAccess', 'IA'),
    ...cheap(objects, 'Archive', 'Archive'),
    ...cheap(objects, 'ColdArchive', 'ColdArchive'),
    ...cheap(objects, 'DeepColdArchive', 'DeepColdArchive'),
    MultipartPartCount: parts.reduce((sum, count) => sum + count, 0),
    DeleteMarkerCount: versions.length - objects.length,
  });
  return { status: 200, xml };
};

function cheap(objects: ObjectVersion[], name: string, storageClass: string) {
  const of = ofClass(objects, storageClass);
  return {
    [`${name}Storage`]: of.reduce((sum, { size }) => sum + Math.max(size, 64 * 1024), 0),
    [`${name}RealStorage`]: bytes(of),
    [`${name}ObjectCount`]: of.length,
  };
}

function ofClass(objects: ObjectVersion[], storageClass: string): ObjectVersion[] {
  return objects.filter(({ headers }) => headers['x-oss-storage-class'] === storageClass);
}

function bytes(objects: ObjectVersion[]): number {
  return objects.reduce((sum, { size }) => sum + size, 0);
}

function lastModified(bucket: Bucket): number {
  const times = [...bucket.versions.values()].flat().map(({ modified }) => modified);
  return times.reduce((latest, time) => Math.max(latest, time), bucket.created);
}
