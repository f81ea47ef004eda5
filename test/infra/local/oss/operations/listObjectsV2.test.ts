import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const keys = ['a', 'a/1', 'a/2', 'b c+d', '你/好'];
for (const key of keys) await client.put(key, Buffer.from('hello'));

test('ListObjectsV2 counts what it lists, owner on demand [documented]', async () => {
  const { objects, keyCount, isTruncated } = await client.listV2();
  expect([objects.map(({ name }) => name), keyCount, isTruncated]).toEqual([keys, 5, false]);
  expect(objects[0]).toMatchObject({ owner: null });
  const [first] = (await client.listV2({ 'fetch-owner': 'true', 'max-keys': 1 })).objects;
  expect(first).toMatchObject({ owner: { id: expect.stringMatching(/^\d+$/) } });
});

test('ListObjectsV2 in pages by continuation token [documented]', async () => {
  const found: string[] = [];
  let token: string | null = null;
  do {
    const query: Record<string, string | number> = token ? { 'continuation-token': token } : {};
    const page = await client.listV2({ 'max-keys': 2, ...query });
    found.push(...page.objects.map(({ name }) => name));
    token = page.nextContinuationToken;
  } while (token);
  expect(found).toEqual(keys);
});

test('ListObjectsV2 behind a key, under a prefix, with common prefixes [documented]', async () => {
  expect((await client.listV2({ 'start-after': 'a/1', prefix: 'a' })).objects).toMatchObject([
    { name: 'a/2' },
  ]);
  const { objects, prefixes, keyCount } = await client.listV2({ delimiter: '/' });
  expect([objects.map(({ name }) => name), prefixes, keyCount]).toEqual([['a', 'b c+d'], ['a/', '你/'], 4]);
});

test('ListObjectsV2 refuses a token of its own making and another list-type [assumed]', async () => {
  expect(await failure(client.listV2({ 'continuation-token': '%%%' }))).toMatchObject({ status: 400 });
  expect(await failure(client.listV2({ 'list-type': '3' }))).toMatchObject({ status: 400 });
});
