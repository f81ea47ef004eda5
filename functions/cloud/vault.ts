import { HEADER_MAX, MESSAGE_PREFIX, type Range } from '../envelope/layout';
import { cannotOpen, Fault } from '../fault';
import { copyVersion } from './copy';
import { getStream, type ObjectWriter, objectWriter, type Pin, readRange, wholeSize } from './objects';
import type { OssClient } from './oss-client';
import { type Bucket, checkKey, ossStatus } from './oss-fault';
import { collect } from './pieces';
import { type PageMarker, type Version, versionsBelow, versionsOf } from './versions';

/** One version of an object in the vault, and its first bytes: at least the largest header and what follows it. */
export type Stored = Pin & { versionId: string; size: number; start: Buffer };

export type Vault = {
  bucket: string;
  /** `storageClass`: of OSS, the bucket's own where undefined. */
  writer(key: string, storageClass: string | undefined): ObjectWriter;
  /** A version, the current one by default. Throws `envelope-missing`. */
  find(key: string, versionId?: string): Promise<Stored>;
  read(stored: Stored, range: Range): AsyncGenerator<Buffer>;
  /** All versions of a key, the newest first. */
  versions(key: string): Promise<Version[]>;
  /** The same, a stretch for each call; `next` says where the next one begins. */
  versionsBelow(
    key: string,
    after?: PageMarker,
  ): Promise<{ versions: Version[]; next: PageMarker | undefined }>;
  /** Copies a version on top of all others, within OSS. */
  putOnTop(version: Version): Promise<void>;
};

const START = HEADER_MAX + MESSAGE_PREFIX;

export function vaultIn(bucket: Bucket): Vault {
  return {
    bucket: bucket.name,
    writer: (key, storageClass) =>
      objectWriter(bucket, {
        key,
        headers: {
          'Content-Type': 'application/octet-stream',
          ...(storageClass && { 'x-oss-storage-class': storageClass }),
        },
      }),
    find: async (key, versionId) => {
      checkKey(key);
      return bucket.call('read the envelope', (client) => find(client, key, versionId));
    },
    read: (stored, range) => read(bucket, stored, range),
    versions: async (key) => (await versionsOf(bucket, key)).versions,
    versionsBelow: (key, after) => versionsBelow(bucket, key, after),
    putOnTop: (version) => copyVersion(bucket, version),
  };
}

/** A small envelope lies in its start already. */
async function* read(bucket: Bucket, stored: Stored, range: Range): AsyncGenerator<Buffer> {
  if (range.to <= stored.start.length) yield stored.start.subarray(range.from, range.to);
  else yield* readRange(bucket, stored, range);
}

async function find(client: OssClient, key: string, versionId: string | undefined): Promise<Stored> {
  try {
    const headers = { Range: `bytes=0-${START - 1}`, 'x-oss-range-behavior': 'standard' };
    const { stream, res } = await getStream(client, { key, versionId }, headers);
    return { key, ...versionOf(res.headers, versionId), start: await collect(stream) };
  } catch (error) {
    if (isMissing(error, versionId))
      throw new Fault('envelope-missing', 'Cannot open the envelope: there is none under this key');
    if (ossStatus(error) === 416) throw cannotOpen('empty object');
    throw error;
  }
}

/** 400 and 405 are about the version id: malformed, or that of a delete marker. */
function isMissing(error: unknown, versionId: string | undefined): boolean {
  const status = ossStatus(error);
  return status === 404 || (versionId !== undefined && (status === 400 || status === 405));
}

/** `asked`: what was stored before its bucket had versions has an id only where one asks. */
function versionOf(headers: Record<string, string>, asked: string | undefined) {
  const versionId = headers['x-oss-version-id'] ?? asked;
  if (!versionId) throw new Fault('vault-unversioned', 'Cannot open: enable versioning on the vault bucket');
  return { size: wholeSize(headers), versionId, eTag: (headers.etag ?? '').replaceAll('"', '') };
}
