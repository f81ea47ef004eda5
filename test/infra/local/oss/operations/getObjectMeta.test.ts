import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);

test('GetObjectMeta tells ETag, size and CRC only [documented]', async () => {
  await cloud.client.put('a', Buffer.from('hello'), { meta: { a: 'b' } });
  const { headers } = (await cloud.client.getObjectMeta('a')).res;
  expect(headers).toMatchObject({
    'content-length': '5',
    etag: '"5D41402ABC4B2A76B9719D911017C592"',
    'x-oss-hash-crc64ecma': '11177612005948864433',
  });
  expect(headers['x-oss-meta-a']).toBeUndefined();
});

test('GetObjectMeta of what is not there [documented]', async () => {
  expect(await failure(cloud.client.getObjectMeta('missing'))).toMatchObject({ status: 404 });
});
