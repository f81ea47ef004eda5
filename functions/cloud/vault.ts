import { HEADER_MAX, MESSAGE_PREFIX, type Range } from '../envelope/layout';
import { cannotOpen, Fault } from '../fault';
import type { OssClient } from './clients';
import { type ObjectWriter, objectWriter, type Pin, readRange } from './objects';
import { checkKey, ossFault, ossStatus } from './oss-fault';

/** One version of an object in the vault, and its first bytes: at least the largest header and what follows it. */
export type Stored = Pin & { size: number; start: Buffer };

export type Vault = {
  bucket: string;
  writer(key: string): ObjectWriter;
  /** The current version. Throws `envelope-missing`. */
  find(key: string): Promise<Stored>;
  read(stored: Stored, range: Range): AsyncIterable<Buffer>;
};

const START = HEADER_MAX + MESSAGE_PREFIX;

/** `aborter`: see objectWriter. */
export function openVault(client: OssClient, aborter: OssClient, bucket: string): Vault {
  return {
    bucket,
    writer: (key) => objectWriter(client, aborter, key, { 'Content-Type': 'application/octet-stream' }),
    find: (key) => find(client, key),
    read: (stored, range) => read(client, stored, range),
  };
}

/** A small envelope lies in its start already. */
async function* read(client: OssClient, stored: Stored, range: Range): AsyncGenerator<Buffer> {
  if (range.to <= stored.start.length) yield stored.start.subarray(range.from, range.to);
  else yield* readRange(client, stored, range);
}

async function find(client: OssClient, key: string): Promise<Stored> {
  checkKey(key);
  try {
    const headers = { Range: `bytes=0-${START - 1}`, 'x-oss-range-behavior': 'standard' };
    const { stream, res } = await client.getStream(key, { headers });
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece);
    return { key, ...versionOf(res.headers), start: Buffer.concat(pieces) };
  } catch (error) {
    if (ossStatus(error) === 404)
      throw new Fault('envelope-missing', 'Cannot open the envelope: there is none under this key');
    if (ossStatus(error) === 416) throw cannotOpen('empty object');
    throw ossFault('read the envelope', error);
  }
}

function versionOf(headers: Record<string, string>) {
  const size = Number(/\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? headers['content-length']);
  const versionId = headers['x-oss-version-id'];
  if (!versionId) throw new Fault('vault-unversioned', 'Cannot open: enable versioning on the vault bucket');
  return { size, versionId, eTag: (headers.etag ?? '').replaceAll('"', '') };
}
