import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
await client.putBucketVersioning('inbox', 'Enabled');
const put = async (key: string) =>
  (await client.put(key, Buffer.from('hello'))).res.headers['x-oss-version-id'];
const a = [await put('a'), await put('a'), await put('a')].reverse();
const b = [await put('b/1')];
const marker = (await client.delete('b/1')).res.headers['x-oss-version-id'];

test('ListObjectVersions by key, newest first, with delete markers [documented]', async () => {
  const { objects, deleteMarker } = await client.getBucketVersions();
  expect(objects.map(({ name, versionId, isLatest }) => [name, versionId, isLatest])).toEqual([
    ['a', a[0], true],
    ['a', a[1], false],
    ['a', a[2], false],
    ['b/1', b[0], false],
  ]);
  expect(deleteMarker).toMatchObject([{ name: 'b/1', versionId: marker }]);
});

test('ListObjectVersions in pages that end within a key [documented]', async () => {
  const found: unknown[] = [];
  let query = {};
  for (let truncated = true; truncated; ) {
    const page = await client.getBucketVersions({ 'max-keys': 1, ...query });
    found.push(...[...page.objects, ...page.deleteMarker].map(({ versionId }) => versionId));
    query = { 'key-marker': page.nextKeyMarker, 'version-id-marker': page.nextVersionIdMarker };
    truncated = page.isTruncated;
  }
  expect(found).toEqual([...a, marker, ...b]);
});

test('ListObjectVersions loses nothing when versions go away between its pages [assumed]', async () => {
  const first = await client.getBucketVersions({ 'max-keys': 1 });
  await client.delete('a', { versionId: String(first.nextVersionIdMarker) });
  const rest = await client.getBucketVersions({
    'key-marker': String(first.nextKeyMarker),
    'version-id-marker': String(first.nextVersionIdMarker),
  });
  expect(rest.objects.map(({ versionId }) => versionId)).toEqual([a[1], a[2], b[0]]);
});

test('ListObjectVersions with common prefixes, or behind a key [documented]', async () => {
  const { body } = await send(cloud, { method: 'GET', key: '', query: { versions: '', delimiter: '/' } });
  expect(body).toContain('<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>');
  const behind = await client.getBucketVersions({ 'key-marker': 'a' });
  expect(behind.objects.map(({ name }) => name)).toEqual(['b/1']);
});

test('ListObjectVersions in pages that end at a common prefix [documented]', async () => {
  const query = { versions: '', delimiter: '/', 'max-keys': '1', 'key-marker': 'a' };
  const { body } = await send(cloud, { method: 'GET', key: '', query });
  expect(body).toContain('<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>');
  expect(body).toContain('<IsTruncated>false</IsTruncated>');
});

test.each(['0', '1001', 'abc'])('ListObjectVersions refuses max-keys=%s [documented]', async (maxKeys) => {
  expect(await failure(client.getBucketVersions({ 'max-keys': maxKeys }))).toMatchObject({
    status: 400,
    code: 'InvalidArgument',
    ecCode: '0012-00000102',
  });
});

test('ListObjectVersions refuses a version marker without a key marker [documented]', async () => {
  expect(await failure(client.getBucketVersions({ 'version-id-marker': 'x' }))).toMatchObject({
    status: 400,
  });
});
