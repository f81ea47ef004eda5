import type { Bucket } from './bucket';
import { versionHeaders } from './find-version';
import type { ObjectVersion } from './versions';

/** The response headers that tell about an object, for GetObject and HeadObject. */
export function objectHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return {
    ...version.headers,
    ...checksumHeaders(version),
    ...versionHeaders(bucket, version),
    'accept-ranges': 'bytes',
    'last-modified': httpTime(version.modified),
    'x-oss-object-type': version.type,
    ...(version.tags.length > 0 ? { 'x-oss-tagging-count': String(version.tags.length) } : {}),
  };
}

type Sums = { eTag: string; crc64: string; type: 'Normal' | 'Multipart' };

/** ETag, CRC-64 and, where the ETag is the MD5 of the bytes, Content-MD5. */
export function checksumHeaders({ eTag, crc64, type }: Sums): Record<string, string> {
  const md5 = type === 'Normal' ? { 'content-md5': Buffer.from(eTag, 'hex').toString('base64') } : {};
  return { etag: `"${eTag}"`, 'x-oss-hash-crc64ecma': crc64, ...md5 };
}

/** A time (ms) for Date and Last-Modified, in whole seconds. */
export function httpTime(time: number): string {
  return new Date(time).toUTCString();
}
