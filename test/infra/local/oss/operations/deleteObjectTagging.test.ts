import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('DeleteObjectTagging leaves the object without tags [documented]', async () => {
  await client.put('a', Buffer.from('hello'), { headers: { 'x-oss-tagging': 'a=1' } });
  expect((await client.deleteObjectTagging('a')).res.status).toBe(204);
  expect((await client.getObjectTagging('a')).tag).toEqual({});
  expect((await client.get('a')).content.toString()).toBe('hello');
});

test('DeleteObjectTagging of what is not there [documented]', async () => {
  expect(await failure(client.deleteObjectTagging('missing'))).toMatchObject({ status: 404 });
});
