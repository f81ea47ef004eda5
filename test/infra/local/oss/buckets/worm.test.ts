import { expect, test } from 'vitest';
import { wormOf } from '../../../../../infra/local/oss/buckets/worm';
import { newBucket } from '../../../../../infra/local/oss/store/bucket';
import { newFolder } from '../../new-folder';

const day = 24 * 60 * 60_000;

test.each([
  [false, day - 1, true],
  [false, day, false],
  [true, 100 * day, true],
])('a retention with locked=%s holds after %i ms: %s [documented]', async (locked, now, holds) => {
  const worm = { id: 'A', created: 0, days: 1, locked };
  const bucket = { ...(await newBucket(await newFolder(), 'inbox', 0)), worm };
  expect(wormOf(bucket, now)).toBe(holds ? worm : undefined);
});
