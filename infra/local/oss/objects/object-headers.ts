import type { Bucket } from '../store/bucket';
import type { ObjectVersion } from '../store/versions';
import { versionHeaders } from './find-version';

/** The response headers that tell about an object, for GetObject and HeadObject; `bytes` is a symlink's target. */
export function objectHeaders(
  bucket: Bucket,
  version: ObjectVersion,
  bytes = version,
): Record<string, string> {
  return {
    ...version.headers,
    ...checksumHeaders(bytes),
    ...versionHeaders(bucket, version),
    'accept-ranges': 'bytes',
    'last-modified': httpTime(Math.max(version.modified, bytes.modified)),
    'x-oss-object-type': version.type,
    ...(version.type === 'Appendable' ? nextPosition(version) : {}),
    ...(version.tags.length > 0 ? { 'x-oss-tagging-count': String(version.tags.length) } : {}),
  };
}

type Sums = Pick<ObjectVersion, 'eTag' | 'crc64' | 'type' | 'md5'>;

/** ETag, CRC-64 and, where it is known, Content-MD5: the ETag of what came in one piece. */
export function checksumHeaders({ eTag, crc64, type, md5 }: Sums): Record<string, string> {
  const known = type === 'Normal' ? eTag : md5;
  const contentMd5 =
    known === undefined ? {} : { 'content-md5': Buffer.from(known, 'hex').toString('base64') };
  return { etag: `"${eTag}"`, 'x-oss-hash-crc64ecma': crc64, ...contentMd5 };
}

/** Where the next AppendObject has to begin. */
export function nextPosition({ size }: { size: number }): Record<string, string> {
  return { 'x-oss-next-append-position': String(size) };
}

/** The encryption of an object, as an upload's answer tells it. */
export function encryptionHeaders(headers: Record<string, string>): Record<string, string> {
  const told = Object.entries(headers).filter(([name]) => /^x-oss-server-side-(data-)?encryption/.test(name));
  return Object.fromEntries(told);
}

/** A time (ms) for Date and Last-Modified, in whole seconds. */
export function httpTime(time: number): string {
  return new Date(time).toUTCString();
}
