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
    abortUploads: (before) =>
      bucket.call('abort stale uploads', async (client) =>
        abortUploads(client, await bucket.client(), before),
      ),
    deleteObjects: (before) =>
      bucket.call('delete what has expired', (client) => deleteObjects(client, before)),
  };
}

/** `aborter`: another client. */
async function abortUploads(client: OssClient, aborter: OssClient, before: Date): Promise<number> {
  let aborted = 0;
  for await (const { name, uploadId, initiated } of uploads(client)) {
    if (Date.parse(initiated) >= before.getTime()) continue;
    if (await abortOne(aborter, decodeURIComponent(name), uploadId)) aborted++;
  }
  return aborted;
}

/** False where another sweep, at the same time, was faster. */
async function abortOne(aborter: OssClient, name: string, uploadId: string): Promise<boolean> {
  try {
    await aborter.abortMultipartUpload(name, uploadId);
    return true;
  } catch (error) {
    if (ossStatus(error) === 404) return false;
    throw error;
  }
}

async function* uploads(client: OssClient) {
  for (let marker = {}; ; ) {
    const page = await client.listUploads({ 'max-uploads': PAGE, 'encoding-type': 'url', ...marker });
    yield* page.uploads;
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
