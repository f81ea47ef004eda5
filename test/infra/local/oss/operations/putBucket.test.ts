import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test('PutBucket answers where the bucket is [documented]', async () => {
  const { res } = await cloud.client.putBucket('vault');
  expect([res.status, res.headers.location]).toEqual([200, '/vault']);
});

test('PutBucket again by its owner changes nothing [assumed]', async () => {
  await cloud.client.put('a', Buffer.from('hello'));
  await Promise.all([cloud.client.putBucket('inbox'), cloud.client.putBucket('inbox')]);
  expect((await cloud.client.get('a')).content.toString()).toBe('hello');
});

test.each([
  ['StorageClass', 'Warm'],
  ['DataRedundancyType', 'RAID'],
])('PutBucket refuses a %s of %s [documented]', async (name, value) => {
  const body = Buffer.from(
    `<CreateBucketConfiguration><${name}>${value}</${name}></CreateBucketConfiguration>`,
  );
  const refused = await send(cloud, { method: 'PUT', bucket: 'odd', key: '', body });
  expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
});

test.each(['ab', 'Upper', '-dash', 'dash-', 'under_score', 'dot.dot', 'a'.repeat(64)])(
  'PutBucket refuses the name %s [documented]',
  async (bucket) => {
    const refused = await send(cloud, { method: 'PUT', bucket, key: '' });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidBucketName' });
  },
);

test("a document may begin with white space [observed in an official SDK's tests]", async () => {
  const body = Buffer.from(
    '\n  <?xml version="1.0" encoding="UTF-8"?>\n<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>',
  );
  expect((await send(cloud, { method: 'PUT', bucket: 'spaced', key: '', body })).status).toBe(200);
});
