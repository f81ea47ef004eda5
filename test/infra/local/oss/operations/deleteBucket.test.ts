import { readdir } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('DeleteBucket leaves no folder, and the name is free again [documented]', async () => {
  await client.putBucket('empty');
  expect((await client.deleteBucket('empty')).res.status).toBe(204);
  expect(await readdir(cloud.data)).toEqual(['inbox']);
  expect(await failure(client.getBucketInfo('empty'))).toMatchObject({ code: 'NoSuchBucket' });
  await client.putBucket('empty');
  expect((await client.getBucketInfo('empty')).bucket).toMatchObject({ Name: 'empty' });
});

test.each(['an object', 'an upload', 'a delete marker'])(
  'DeleteBucket refuses while there is %s [documented]',
  async (what) => {
    const bucket = what.replace(/ /g, '-');
    const full = createClient({ endpoint: cloud.oss.endpoint, bucket, credentials: root });
    await full.putBucket(bucket);
    await full.putBucketVersioning(bucket, 'Enabled');
    if (what === 'an object') await full.put('a', Buffer.from('hello'));
    if (what === 'an upload') await full.initMultipartUpload('a');
    if (what === 'a delete marker') await full.delete('a');
    expect(await failure(full.deleteBucket(bucket))).toMatchObject({
      status: 409,
      code: 'BucketNotEmpty',
      ecCode: '0015-00000301',
    });
  },
);
