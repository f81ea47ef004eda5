import type { Range } from '../envelope/layout';
import { METADATA_HEADERS, type Metadata } from '../envelope/metadata';
import { Fault } from '../fault';
import type { OssClient } from './clients';
import { type Pin, readRange } from './objects';
import { checkKey, ossFault, ossStatus } from './oss-fault';

/** One version of an object in the inbox. */
export type Source = Pin & {
  /** Bytes. */
  size: number;
  /** ISO 8601; OSS knows whole seconds only. */
  lastModified: string;
  metadata: Metadata;
};

export type Inbox = {
  bucket: string;
  /**
   * The version that is current and has this eTag; `superseded` where another is current, `gone` where none is.
   * Throws `inbox-unversioned`: without versions a delete could hit a newer upload.
   */
  pin(key: string, eTag: string): Promise<Source | 'superseded' | 'gone'>;
  read(source: Source, range: Range): AsyncIterable<Buffer>;
  /** Removes exactly this version. */
  remove(source: Source): Promise<void>;
};

export function openInbox(client: OssClient, bucket: string): Inbox {
  return {
    bucket,
    pin: (key, eTag) => pin(client, key, eTag),
    read: (source, range) => readRange(client, source, range),
    async remove({ key, versionId }) {
      await client.delete(key, { versionId }).catch((error) => {
        throw ossFault('remove the sealed upload', error);
      });
    },
  };
}

async function pin(client: OssClient, key: string, eTag: string): Promise<Source | 'superseded' | 'gone'> {
  checkKey(key);
  try {
    const { res } = await client.head(key, { headers: { 'If-Match': `"${eTag}"` } });
    const versionId = versionOf(res.headers);
    const tags = res.headers['x-oss-tagging-count'] ? await readTags(client, key, versionId) : [];
    return {
      key,
      eTag,
      versionId,
      size: Number(res.headers['content-length']),
      lastModified: new Date(res.headers['last-modified'] ?? '').toISOString(),
      metadata: { ...readHeaders(res.headers), tags },
    };
  } catch (error) {
    if (ossStatus(error) === 404) return 'gone';
    if (ossStatus(error) === 412) return 'superseded';
    throw ossFault('look at the upload', error);
  }
}

function versionOf(headers: Record<string, string>): string {
  const versionId = headers['x-oss-version-id'];
  if (!versionId || versionId === 'null') {
    throw new Fault(
      'inbox-unversioned',
      'Cannot seal: the upload has no version id, enable versioning on the inbox bucket',
    );
  }
  return versionId;
}

function readHeaders(headers: Record<string, string>): Pick<Metadata, 'headers' | 'userMetadata'> {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, utf8(value)]);
  const standard: readonly string[] = METADATA_HEADERS;
  return {
    headers: entries.filter(([name]) => standard.includes(name)),
    userMetadata: entries
      .filter(([name]) => name.startsWith('x-oss-meta-'))
      .map(([name, value]) => [name.slice('x-oss-meta-'.length), value]),
  };
}

/** Node hands header bytes over as latin1; what uploaders put there is UTF-8. */
function utf8(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

async function readTags(client: OssClient, key: string, versionId: string): Promise<[string, string][]> {
  const { tag } = await client.getObjectTagging(key, { versionId });
  return Object.entries(tag);
}
