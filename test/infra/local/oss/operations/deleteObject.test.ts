import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('DeleteObject removes the object and its bytes [documented]', async () => {
  await client.put('a', Buffer.from('hello'));
  expect((await client.delete('a')).res.status).toBe(204);
  expect(await failure(client.get('a'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  expect(await readdir(join(cloud.data, 'inbox', 'blobs'))).toEqual([]);
  expect(await readdir(join(cloud.data, 'inbox', 'versions'))).toEqual([]);
});

test('DeleteObject of what is not there is 204 and no event [assumed]', async () => {
  const before = cloud.events.length;
  expect((await client.delete('missing')).res.status).toBe(204);
  expect((await client.delete('missing', { versionId: 'CAEQnone' })).res.status).toBe(204);
  expect(cloud.events.length).toBe(before);
});
