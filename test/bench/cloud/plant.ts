import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCRC64 } from 'hash-wasm';
import { combineCrc64 } from '../../../infra/local/oss/objects/crc64';
import type { ObjectVersion } from '../../../infra/local/oss/store/versions';

export type Planted = { bucket: string; key: string; versionId: string; eTag: string; size: number };
export type Wish = { key: string; size: number };

const BLOCK = 8 * 1024 ** 2;

/**
 * Puts objects into a bucket of a cloud that is not running, as it would have stored them: uploads that nobody was told
 * of. Larger ones are so many names of one file of 8 MiB, so that they take no room; sizes are multiples of that, or
 * below. Theirs is the order of time.
 */
export async function plant(data: string, bucket: string, wishes: Wish[]): Promise<Planted[]> {
  const folder = join(data, 'oss', bucket);
  const seeds = new Map<number, Seed>();
  const planted: Planted[] = [];
  const sequence = Date.now();
  for (const { key, size } of wishes) {
    const piece = Math.min(size, BLOCK);
    const seed = seeds.get(piece) ?? (await sow(data, piece));
    seeds.set(piece, seed);
    const object = { ...objectOf(folder, seed, size / piece), key, sequence: sequence + planted.length };
    writeFileSync(join(folder, 'versions', `${object.id}.json`), JSON.stringify(object));
    planted.push({ bucket, key, versionId: object.versionId, eTag: object.eTag, size });
  }
  for (const { file } of seeds.values()) rmSync(file);
  return planted;
}

/** As many small uploads as asked for, all of them with the bytes of one: to be listed, not to be read. */
export async function plantKeys(data: string, bucket: string, keys: { from: number; to: number }) {
  const folder = join(data, 'oss', bucket);
  const seed = await sow(data, 4096);
  const shared = objectOf(folder, seed, 1);
  rmSync(seed.file);
  for (let number = keys.from; number < keys.to; number++) {
    const fresh = { id: randomUUID(), versionId: newVersionId(), sequence: number };
    const key = `keys/${number.toString(36).padStart(8, '0')}`;
    writeFileSync(join(folder, 'versions', `${fresh.id}.json`), JSON.stringify({ ...shared, ...fresh, key }));
  }
}

type Seed = { file: string; size: number; crc64: string; md5: string };

async function sow(data: string, size: number): Promise<Seed> {
  mkdirSync(join(data, 'seeds'), { recursive: true });
  const file = join(data, 'seeds', String(size));
  const bytes = randomBytes(size);
  writeFileSync(file, bytes);
  const crc = (await createCRC64()).init().update(bytes).digest('hex');
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase();
  return { file, size, crc64: BigInt(`0x${crc}`).toString(), md5 };
}

function objectOf(folder: string, { file, size, crc64, md5 }: Seed, pieces: number): ObjectVersion {
  const blobs = Array.from({ length: pieces }, () => ({ id: randomUUID(), size }));
  for (const { id } of blobs) linkSync(file, join(folder, 'blobs', id));
  return {
    ...{ id: randomUUID(), versionId: newVersionId(), sequence: 0, key: '', deleteMarker: false },
    ...{ headers: { 'content-type': 'application/octet-stream' }, tags: [], blobs, modified: Date.now() },
    ...{ type: 'Normal', size: size * pieces, eTag: md5 },
    crc64: combineCrc64(blobs.map(() => ({ crc64, size }))),
  };
}

function newVersionId(): string {
  return `CAEQ${randomBytes(33).toString('base64url')}`;
}
