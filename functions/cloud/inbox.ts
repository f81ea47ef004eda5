import type { Range } from '../envelope/layout';
import type { Metadata } from '../envelope/metadata';
import { Fault } from '../fault';
import { carriedBy } from './carried';
import { getStream, readRange } from './objects';
import type { OssClient } from './oss-client';
import { type Bucket, checkKey, ossStatus } from './oss-fault';
import { collect } from './pieces';
import {
  type DeleteMarker,
  type Holding,
  holdingsIn,
  type Version,
  type Versions,
  versionPages,
  versionsOf,
} from './versions';

/** One version of an object in the inbox, pinned. A small one has been read already. */
export type Source = Version & { metadata: Metadata; content: Buffer | undefined };

export type Inbox = {
  bucket: string;
  /** All versions of a key, the newest first. Throws `key-unsupported`. */
  versions(key: string): Promise<Versions>;
  /** What lies below a delete marker, the newest first, while it is there. Throws `key-unsupported`. */
  below(marker: DeleteMarker): Promise<Version[]>;
  /** Key by key, in the order of OSS, from the keys after this one on. */
  holdings(afterKey: string | undefined): AsyncGenerator<Holding>;
  /**
   * Reads what is current, the whole content where the version has at most `whole` bytes: `superseded` where that is
   * another version, `gone` where there is none. Throws `inbox-unversioned`, `source-symlink`, `source-archived`,
   * `metadata-unsupported`.
   */
  pin(version: Version, whole: number): Promise<Source | 'superseded' | 'gone'>;
  read(source: Source, range: Range): AsyncIterable<Buffer>;
  /** Removes exactly this version. Throws `key-unsupported`. */
  remove(version: Pick<Version, 'key' | 'versionId'>): Promise<void>;
};

export function inboxIn(bucket: Bucket): Inbox {
  return {
    bucket: bucket.name,
    async versions(key) {
      checkKey(key);
      return versionsOf(bucket, key);
    },
    below: (marker) => below(bucket, marker),
    holdings: (afterKey) => holdingsIn(versionPages(bucket, { afterKey })),
    async pin(version, whole) {
      if (version.type === 'Symlink') throw symlink();
      if (version.versionId === 'null') await checkVersioning(bucket);
      return bucket.call('read the upload', (client) => pin(client, version, whole));
    },
    read: (source, range) => read(bucket, source, range),
    async remove({ key, versionId }) {
      checkKey(key);
      await bucket.call('remove the version', (client) => client.delete(key, { versionId }));
    },
  };
}

/** A listing after a marker that is gone may begin anywhere: what it tells counts where the marker is still there afterwards. */
async function below(bucket: Bucket, marker: DeleteMarker): Promise<Version[]> {
  const { key, versionId } = marker;
  checkKey(key);
  const { versions } = await versionsOf(bucket, key, marker);
  if (versions.length === 0) return [];
  const { markers } = await versionsOf(bucket, key);
  return markers.some((one) => one.versionId === versionId) ? versions : [];
}

/** Without a version id in the request: what answers is current, or not there. */
async function pin(
  client: OssClient,
  version: Version,
  whole: number,
): Promise<Source | 'superseded' | 'gone'> {
  const { key, eTag, versionId, size } = version;
  try {
    const { headers, content } =
      size <= whole
        ? await readWhole(client, version)
        : { headers: (await client.head(key, ifMatch(eTag))).res.headers, content: undefined };
    if ((headers['x-oss-version-id'] ?? 'null') !== versionId) return 'superseded';
    return { ...version, metadata: await carriedBy(client, version, headers), content };
  } catch (error) {
    const status = ossStatus(error);
    if (status === 404) return 'gone';
    if (status === 412) return 'superseded';
    if (status === 403 && isArchived(version)) throw archived(version);
    throw error;
  }
}

async function readWhole(client: OssClient, { key, eTag, size }: Version) {
  const { stream, res } = await getStream(client, { key }, ifMatch(eTag).headers);
  const content = await collect(stream);
  if (content.length !== size)
    throw new Fault('oss-unavailable', 'Cannot read the upload: it came with another length than it has');
  return { headers: res.headers, content };
}

async function* read(bucket: Bucket, source: Source, range: Range): AsyncGenerator<Buffer> {
  if (source.content) {
    yield source.content.subarray(range.from, range.to);
    return;
  }
  try {
    yield* readRange(bucket, source, range);
  } catch (error) {
    if (error instanceof Fault && error.code === 'oss-refused' && isArchived(source)) throw archived(source);
    throw error;
  }
}

function ifMatch(eTag: string): { headers: Record<string, string> } {
  return { headers: { 'If-Match': `"${eTag}"` } };
}

/** What was there before versioning was enabled has the id `null`; as long as it is enabled, nothing takes its place. */
async function checkVersioning(bucket: Bucket): Promise<void> {
  const { versionStatus } = await bucket.call('look at the versioning of the inbox', (client) =>
    client.getBucketVersioning(bucket.name),
  );
  if (versionStatus === 'Enabled') return;
  throw new Fault(
    'inbox-unversioned',
    'Cannot seal: a delete could hit a newer upload, enable versioning on the inbox bucket',
  );
}

function symlink(): Fault {
  return new Fault('source-symlink', 'Cannot seal a symbolic link: upload the object it points to');
}

function isArchived({ storageClass }: Version): boolean {
  return storageClass.endsWith('Archive');
}

function archived({ storageClass }: Version): Fault {
  return new Fault(
    'source-archived',
    `Cannot read the upload: it is in the ${storageClass} class, restore it first`,
  );
}
