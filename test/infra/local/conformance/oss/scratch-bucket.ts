import type { Client } from './client';
import type { RawAnswer, RawRequest } from './raw';

export type Place = { bucket: string; client: Client; send(request: RawRequest): Promise<RawAnswer> };

/** Rejects unless the bucket is empty and has the versioning that the suite needs. */
export async function checkScratch(
  { bucket, client }: Place,
  kind: 'versioned' | 'unversioned',
): Promise<void> {
  const { versionStatus } = await client.getBucketVersioning(bucket);
  if ((versionStatus === 'Enabled') !== (kind === 'versioned') || versionStatus === 'Suspended') {
    throw new Error(
      `Cannot use bucket ${bucket}: it must be ${kind}, and its versioning is ${versionStatus}`,
    );
  }
  const { objects, deleteMarker } = await client.getBucketVersions({ maxKeys: 1 });
  const { uploads } = await client.listUploads({ 'max-uploads': 1 });
  if (objects.length + deleteMarker.length + uploads.length === 0) return;
  throw new Error(`Cannot use bucket ${bucket}: it is not empty`);
}

/** Removes every version, delete marker and unfinished upload below the prefix, and nothing else. */
export async function removeAll({ client, send }: Place, prefix: string): Promise<void> {
  for await (const { name, versionId } of versions(client, prefix)) {
    if (!name.startsWith(prefix)) continue;
    // Not by the client: it cannot name a key with `..` in it.
    const { status } = await send({ method: 'DELETE', key: name, query: { versionId } });
    if (status !== 204) throw new Error(`Cannot remove ${name} again: ${status}`);
  }
  const { uploads } = await client.listUploads({ prefix, 'max-uploads': 1000 });
  for (const { name, uploadId } of uploads) {
    if (name.startsWith(prefix)) await client.abortMultipartUpload(name, uploadId);
  }
}

// Control characters in a key break the XML unless it comes percent-encoded, which ali-oss leaves as it is.
async function* versions(client: Client, prefix: string) {
  let next: Record<string, string> = {};
  for (;;) {
    const page = await client.getBucketVersions({ prefix, encodingType: 'url', maxKeys: 1000, ...next });
    for (const { name, versionId } of [...page.objects, ...page.deleteMarker]) {
      yield { name: decodeURIComponent(name), versionId };
    }
    if (!page.isTruncated) return;
    next = {
      keyMarker: decodeURIComponent(page.nextKeyMarker ?? ''),
      versionIdMarker: page.nextVersionIdMarker ?? '',
    };
  }
}
