import { HEADER_MAX, MESSAGE_PREFIX, type Range } from '../envelope/layout';
import { cannotOpen, Fault } from '../fault';
import { copyVersion } from './copy';
import { collect, type ObjectWriter, objectWriter, openStream, type Pin, readRange } from './objects';
import type { OssClient } from './oss-client';
import { checkKey, ossFault, ossStatus } from './oss-fault';
import { type PageMarker, type Version, versionsBelow, versionsOf } from './versions';

/** One version of an object in the vault, and its first bytes: at least the largest header and what follows it. */
export type Stored = Pin & { size: number; start: Buffer };

export type Vault = {
  bucket: string;
  /** `storageClass`: of OSS, the bucket's own where undefined. */
  writer(key: string, storageClass: string | undefined): ObjectWriter;
  /** A version, the current one by default. Throws `envelope-missing`. */
  find(key: string, versionId?: string): Promise<Stored>;
  read(stored: Stored, range: Range): AsyncIterable<Buffer>;
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

/** `aborter`: see objectWriter. */
export function openVault(client: OssClient, aborter: OssClient, bucket: string): Vault {
  return {
    bucket,
    writer: (key, storageClass) =>
      objectWriter(client, aborter, key, {
        'Content-Type': 'application/octet-stream',
        ...(storageClass && { 'x-oss-storage-class': storageClass }),
      }),
    find: (key, versionId) => find(client, key, versionId),
    read: (stored, range) => read(client, stored, range),
    versions: async (key) => (await versionsOf(client, key)).versions,
    versionsBelow: (key, after) => versionsBelow(client, key, after),
    putOnTop: (version) => copyVersion(client, aborter, { bucket, ...version }),
  };
}

/** A small envelope lies in its start already. */
async function* read(client: OssClient, stored: Stored, range: Range): AsyncGenerator<Buffer> {
  if (range.to <= stored.start.length) yield stored.start.subarray(range.from, range.to);
  else yield* readRange(client, stored, range);
}

async function find(client: OssClient, key: string, versionId: string | undefined): Promise<Stored> {
  checkKey(key);
  try {
    const headers = { Range: `bytes=0-${START - 1}`, 'x-oss-range-behavior': 'standard' };
    const { stream, res } = await openStream(client, { key, versionId }, headers);
    return { key, ...versionOf(res.headers, versionId), start: await collect(stream) };
  } catch (error) {
    if (isMissing(error, versionId))
      throw new Fault('envelope-missing', 'Cannot open the envelope: there is none under this key');
    if (ossStatus(error) === 416) throw cannotOpen('empty object');
    throw ossFault('read the envelope', error);
  }
}

/** 400 and 405 are about the version id: malformed, or that of a delete marker. */
function isMissing(error: unknown, versionId: string | undefined): boolean {
  const status = ossStatus(error);
  return status === 404 || (versionId !== undefined && (status === 400 || status === 405));
}

/** `asked`: what was stored before its bucket had versions has an id only where one asks. */
function versionOf(headers: Record<string, string>, asked: string | undefined) {
  const size = Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length']);
  const versionId = headers['x-oss-version-id'] ?? asked;
  if (!versionId) throw new Fault('vault-unversioned', 'Cannot open: enable versioning on the vault bucket');
  return { size, versionId, eTag: (headers.etag ?? '').replaceAll('"', '') };
}
