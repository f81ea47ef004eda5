import type { BucketAcl } from '../store/bucket';
import type { Store } from '../store/store';
import { firstSettings } from './settings';

/** A bucket that is to be there from the start. */
export type SeededBucket = { name: string; versioning?: 'Enabled' | 'Suspended'; acl?: BucketAcl };

export type SeedOptions = { now: () => number; blockPublicAccess: boolean };

/** Makes the buckets that are missing; one that is there is left as it is. A public one is not blocked from it. */
export async function seedBuckets(store: Store, buckets: SeededBucket[], options: SeedOptions) {
  for (const { name, acl = 'private', versioning } of buckets) {
    const settings = firstSettings(options.blockPublicAccess && acl === 'private');
    if (!store.buckets.has(name))
      await store.createBucket(name, options.now(), { acl, versioning, settings });
  }
}
