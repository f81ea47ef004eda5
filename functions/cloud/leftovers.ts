import type { OssClient } from './oss-client';
import { type Bucket, ossStatus } from './oss-fault';

/** What runs that came to nothing leave in a bucket. */
export type Leftovers = {
  /** Aborts the multipart uploads that were begun before that moment. Returns how many. */
  abortUploads(begunBefore: Date): Promise<number>;
  /** Deletes the objects that were last written before that moment. Returns how many. */
  deleteObjects(writtenBefore: Date): Promise<number>;
};

const PAGE = 1000;

/** Keys come percent-encoded from listings: XML cannot hold all of them. */
export function leftoversIn(bucket: Bucket): Leftovers {
  return {
    abortUploads: (before) => abortUploads(bucket, before),
    deleteObjects: (before) =>
      bucket.call('delete what has expired', (client) => deleteObjects(client, before)),
  };
}

const DOING = 'abort stale uploads';

async function abortUploads(bucket: Bucket, before: Date): Promise<number> {
  let aborted = 0;
  for await (const { key, uploadId, begunAt } of unfinishedUploads(bucket, DOING)) {
    if (begunAt >= before) continue;
    if (await bucket.call(DOING, (client) => abortOne(client, key, uploadId))) aborted++;
  }
  return aborted;
}

/** False where another sweep, at the same time, was faster. */
async function abortOne(client: OssClient, key: string, uploadId: string): Promise<boolean> {
  try {
    await client.abortMultipartUpload(key, uploadId);
    return true;
  } catch (error) {
    if (ossStatus(error) === 404) return false;
    throw error;
  }
}

/** The multipart uploads that have not ended, one call for each page. `doing`: see Calls. */
export async function* unfinishedUploads(bucket: Bucket, doing: string) {
  for (let marker = {}; ; ) {
    const query = { 'max-uploads': PAGE, 'encoding-type': 'url', ...marker } as const;
    const page = await bucket.call(doing, (client) => client.listUploads(query));
    for (const { name, uploadId, initiated } of page.uploads)
      yield { key: decodeURIComponent(name), uploadId, begunAt: new Date(initiated) };
    if (!page.isTruncated) return;
    marker = {
      'key-marker': decodeURIComponent(page.nextKeyMarker ?? ''),
      'upload-id-marker': page.nextUploadIdMarker,
    };
  }
}

async function deleteObjects(client: OssClient, before: Date): Promise<number> {
  let deleted = 0;
  for (let token: string | null | undefined; token !== null; ) {
    const { objects = [], nextContinuationToken } = await client.listV2({
      'max-keys': String(PAGE),
      'encoding-type': 'url',
      ...(token && { 'continuation-token': token }),
    });
    token = nextContinuationToken;
    const names = objects
      .filter(({ lastModified }) => Date.parse(lastModified) < before.getTime())
      .map(({ name }) => decodeURIComponent(name));
    if (names.length > 0) await client.deleteMulti(names, { quiet: true });
    deleted += names.length;
  }
  return deleted;
}
