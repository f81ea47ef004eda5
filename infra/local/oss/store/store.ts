import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bucket, type BucketFacts, newBucket, saveBucket } from './bucket';
import { loadBucket } from './load-bucket';
import { removeRecords, syncFolder } from './records';

/** All buckets; the index is in memory, every change is on disk before its promise is fulfilled. */
export type Store = {
  buckets: ReadonlyMap<string, Bucket>;
  /** The name must be a valid one and not taken. */
  createBucket(name: string, created: number, facts?: Partial<BucketFacts>): Promise<void>;
  deleteBucket(bucket: Bucket): Promise<void>;
  /** Runs one piece of work at a time for each name (a bucket, or a bucket and a key), in order of arrival. */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
};

/** Opens the store in a folder of its own; bucket b lives in `<data>/<b>` and nowhere else. */
export async function createStore(data: string): Promise<Store> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const buckets = await loadBuckets(data);

  async function createBucket(name: string, created: number, facts?: Partial<BucketFacts>): Promise<void> {
    // What a deletion cut short has left behind must not come back.
    await rm(join(data, name), { recursive: true, force: true });
    const bucket = Object.assign(await newBucket(join(data, name), name, created), facts);
    await saveBucket(bucket);
    await syncFolder(data);
    buckets.set(name, bucket);
  }

  async function deleteBucket(bucket: Bucket): Promise<void> {
    buckets.delete(bucket.name);
    await removeRecords(bucket.folder, ['bucket']);
    await rm(bucket.folder, { recursive: true, force: true });
  }

  return { buckets, createBucket, deleteBucket, exclusively: createQueues() };
}

async function loadBuckets(data: string): Promise<Map<string, Bucket>> {
  const buckets = new Map<string, Bucket>();
  for (const entry of await readdir(data, { withFileTypes: true })) {
    const bucket = entry.isDirectory() ? await loadBucket(join(data, entry.name)) : undefined;
    if (bucket) buckets.set(bucket.name, bucket);
  }
  return buckets;
}

function createQueues(): Store['exclusively'] {
  const tails = new Map<string, Promise<unknown>>();
  return async (name, work) => {
    const before = tails.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(name, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(name) === mine) tails.delete(name);
    }
  };
}
