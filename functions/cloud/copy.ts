import { Fault, withMore } from '../fault';
import type { OssClient } from './oss-client';
import { type Bucket, ossFault } from './oss-fault';
import type { Version } from './versions';

/** CopyObject takes objects of up to 5 GB; half of that is copied in one call, more in parts of that. */
const COPY_MAX = 2_500_000_000;
const COPY_TIMEOUT_MS = 600_000;

type Source = Version & { bucket: string; most: number };
const DOING = 'put the newest envelope on top';

/**
 * Makes a copy of one version the current one of its key, within OSS. Throws `stored-differs` where OSS tells another
 * checksum of the copy than of the source. `most`: the bytes that one call copies.
 */
export function copyVersion(bucket: Bucket, version: Version, most = COPY_MAX): Promise<void> {
  const source = { ...version, bucket: bucket.name, most };
  return bucket.call(DOING, async (client) => {
    const wanted = await checksumOf(client, source);
    const headers =
      source.size <= most ? await copyWhole(client, source) : await copyParts(client, bucket, source);
    if (headers['x-oss-hash-crc64ecma'] === wanted) return;
    const detail = `copied ${headers['x-oss-hash-crc64ecma']}, source ${wanted}`;
    throw new Fault('stored-differs', 'Cannot trust the copy: OSS stored other bytes than it read', detail);
  });
}

async function checksumOf(client: OssClient, { key, versionId }: Source): Promise<string | undefined> {
  const { res } = await client.head(key, { subres: { versionId } });
  return res.headers['x-oss-hash-crc64ecma'];
}

async function copyWhole(client: OssClient, { key, versionId, storageClass }: Source) {
  const headers = { 'x-oss-storage-class': storageClass };
  const { res } = await client.copy(key, key, { versionId, headers, timeout: COPY_TIMEOUT_MS });
  return res.headers;
}

async function copyParts(client: OssClient, bucket: Bucket, source: Source) {
  const { key, size, storageClass, most } = source;
  const headers = { 'Content-Type': 'application/octet-stream', 'x-oss-storage-class': storageClass };
  const { uploadId } = await client.initMultipartUpload(key, { headers });
  try {
    const parts: { number: number; etag: string }[] = [];
    for (let from = 0; from < size; from += most) {
      const range = `${from}-${Math.min(from + most, size) - 1}`;
      parts.push(await copyPart(client, source, { uploadId, number: parts.length + 1, range }));
    }
    const { res } = await client.completeMultipartUpload(key, uploadId, parts, { timeout: COPY_TIMEOUT_MS });
    return res.headers;
  } catch (error) {
    await bucket
      .once(DOING, (aborter) => aborter.abortMultipartUpload(key, uploadId))
      .catch(() => {
        throw withMore(ossFault(DOING, error), 'the upload is left unfinished');
      });
    throw error;
  }
}

type Part = { uploadId: string; number: number; range: string };

async function copyPart(
  client: OssClient,
  { key, bucket, versionId }: Source,
  { uploadId, number, range }: Part,
) {
  const place = { sourceKey: key, sourceBucketName: bucket };
  const options = { versionId, timeout: COPY_TIMEOUT_MS };
  const { etag } = await client.uploadPartCopy(key, uploadId, number, range, place, options);
  return { number, etag };
}
