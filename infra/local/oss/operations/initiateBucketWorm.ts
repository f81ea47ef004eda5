import { randomBytes } from 'node:crypto';
import { readRetention, wormOf } from '../buckets/worm';
import { alterBucket } from '../store/bucket';
import { bucketOf, changeBucket, type Operation } from '../store/operation';
import { OssError } from '../wire/errors';
import { bodyText } from '../wire/request';

/** POST /bucket?worm : a retention policy, to be locked within 24 hours. Throws WORMConfigurationLocked. */
export const initiateBucketWorm: Operation = async (oss, request) => {
  const days = readRetention(await bodyText(request), 'InitiateWormConfiguration');
  return changeBucket(oss, request, async () => {
    const bucket = bucketOf(oss, request);
    if (wormOf(bucket, oss.now())?.locked) throw new OssError('WORMConfigurationLocked');
    const id = randomBytes(16).toString('hex').toUpperCase();
    await alterBucket(bucket, { worm: { id, created: oss.now(), days, locked: false } });
    return { status: 200, headers: { 'x-oss-worm-id': id } };
  });
};
