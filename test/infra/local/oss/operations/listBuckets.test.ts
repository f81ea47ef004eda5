import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);

test('ListBuckets by name, in pages [documented]', async () => {
  for (const name of ['vault', 'downloads']) await cloud.client.putBucket(name);
  const names = async (query: object) =>
    (await cloud.client.listBuckets({ ...query })).buckets?.map(({ name }) => name);
  expect(await names({})).toEqual(['downloads', 'inbox', 'vault']);
  expect(await names({ 'max-keys': 1, marker: 'downloads' })).toEqual(['inbox']);
  expect(await names({ prefix: 'v' })).toEqual(['vault']);
});
