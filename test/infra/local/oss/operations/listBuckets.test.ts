import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);

test("ListBuckets with a tag [observed in an official SDK's tests]", async () => {
  const tagging = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>';
  const body = Buffer.from(tagging);
  await cloud.client.putBucket('tagged');
  await send(cloud, { method: 'PUT', bucket: 'tagged', key: '', query: { tagging: '' }, body });
  const found = async (query: Record<string, string>) =>
    (await send(cloud, { method: 'GET', bucket: '', key: '', query })).body.match(/<Name>[^<]*/g);
  expect(await found({ 'tag-key': 'k', 'tag-value': 'v' })).toEqual(['<Name>tagged']);
  expect(await found({ tagging: '"k":"v"' })).toEqual(['<Name>tagged']);
  expect(await found({ 'tag-key': 'k', 'tag-value': 'other' })).toBe(null);
  await cloud.client.deleteBucket('tagged');
});

test('ListBuckets by name, in pages [documented]', async () => {
  for (const name of ['vault', 'downloads']) await cloud.client.putBucket(name);
  const names = async (query: object) =>
    (await cloud.client.listBuckets({ ...query })).buckets?.map(({ name }) => name);
  expect(await names({})).toEqual(['downloads', 'inbox', 'vault']);
  expect(await names({ 'max-keys': 1, marker: 'downloads' })).toEqual(['inbox']);
  expect(await names({ prefix: 'v' })).toEqual(['vault']);
});

test("ListBuckets refuses a prefix that no name can have [observed in an official SDK's tests]", async () => {
  const refused = await send(cloud, { method: 'GET', bucket: '', key: '', query: { prefix: 'NotLower' } });
  expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
});
