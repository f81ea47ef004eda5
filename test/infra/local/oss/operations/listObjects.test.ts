import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const keys = ['a', 'a/1', 'a/2', 'b/c', 'ctrl\u0001&<>', '\uFFFD', '\u{1F600}'];
for (const key of [...keys].reverse()) await client.put(key, Buffer.from('hello'));

test('ListObjects in the order of UTF-8 bytes, 100 at most unless told otherwise [documented]', async () => {
  const { objects, isTruncated, nextMarker } = await client.list({ prefix: 'a' });
  expect(objects.map(({ name }) => name)).toEqual(['a', 'a/1', 'a/2']);
  expect([isTruncated, nextMarker]).toEqual([false, null]);
  expect(objects[0]).toMatchObject({
    name: 'a',
    size: 5,
    etag: '"5D41402ABC4B2A76B9719D911017C592"',
    type: 'Normal',
    lastModified: expect.stringMatching(/:\d\d\.000Z$/),
  });
});

test('ListObjects in pages, with common prefixes [documented]', async () => {
  const first = await client.list({ delimiter: '/', 'max-keys': 2 });
  expect([first.objects.map(({ name }) => name), first.prefixes]).toEqual([['a'], ['a/']]);
  const second = await client.list({ delimiter: '/', 'max-keys': 1, marker: String(first.nextMarker) });
  expect([second.objects, second.prefixes, second.isTruncated]).toEqual([[], ['b/'], true]);
});

test('ListObjects writes any key when it may encode it [documented]', async () => {
  const query = { 'encoding-type': 'url', prefix: 'ctrl' };
  const { body } = await send(cloud, { method: 'GET', key: '', query });
  expect(elementOf(body, 'EncodingType')).toBe('url');
  expect(elementOf(body, 'Key')).toBe('ctrl%01%26%3C%3E');
});

test.each(['0', '1001', '-1', 'abc', '1.5', '9999999'])(
  'ListObjects refuses max-keys=%s [documented]',
  async (maxKeys) => {
    expect(await failure(client.list({ 'max-keys': maxKeys }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      ecCode: '0015-00000402',
    });
  },
);

test.each(['prefix', 'marker', 'delimiter'])(
  'ListObjects refuses a %s of 1024 bytes [assumed]',
  async (name) => {
    expect(await failure(client.list({ [name]: 'x'.repeat(1024) }))).toMatchObject({ status: 400 });
  },
);

test('ListObjects with max-keys=1000 and with a delimiter of several characters [assumed]', async () => {
  const { objects, prefixes } = await client.list({ 'max-keys': 1000, delimiter: '/c' });
  expect([objects.length, prefixes]).toEqual([keys.length - 1, ['b/c']]);
});

test('ListObjects refuses another encoding [documented]', async () => {
  expect(await failure(client.list({ 'encoding-type': 'base64' }))).toMatchObject({ status: 400 });
});
