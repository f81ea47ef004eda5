import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('GetObjectTagging of an object without tags [documented]', async () => {
  await client.put('a', Buffer.from('hello'));
  expect((await client.getObjectTagging('a')).tag).toEqual({});
});

test('GetObjectTagging of what is not there [documented]', async () => {
  expect(await failure(client.getObjectTagging('missing'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
});

test('tags belong to a version [documented]', async () => {
  await client.putBucketVersioning('inbox', 'Enabled');
  const first = await client.put('b', Buffer.from('1'), { headers: { 'x-oss-tagging': 'n=1' } });
  await client.put('b', Buffer.from('2'), { headers: { 'x-oss-tagging': 'n=2' } });
  const versionId = String(first.res.headers['x-oss-version-id']);
  expect((await client.getObjectTagging('b', { versionId })).tag).toEqual({ n: '1' });
  expect((await client.getObjectTagging('b')).tag).toEqual({ n: '2' });
});
