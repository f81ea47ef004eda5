import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const ids = new Map<string, string[]>();
for (const key of ['b', 'a/1', 'a/2', 'b', 'b']) {
  const { uploadId } = await client.initMultipartUpload(key);
  ids.set(key, [...(ids.get(key) ?? []), uploadId].sort());
}
const all = ['a/1', 'a/2', 'b'].flatMap((name) =>
  (ids.get(name) ?? []).map((uploadId) => ({ name, uploadId })),
);

test('ListMultipartUploads by key and upload id [documented]', async () => {
  const { uploads, isTruncated } = await client.listUploads();
  expect(uploads).toMatchObject(all);
  expect(isTruncated).toBe(false);
});

test('ListMultipartUploads in pages of one, over keys with several uploads [documented]', async () => {
  const found: unknown[] = [];
  let query = {};
  for (let truncated = true; truncated; ) {
    const page = await client.listUploads({ 'max-uploads': 1, ...query });
    found.push(...page.uploads);
    query = { 'key-marker': page.nextKeyMarker, 'upload-id-marker': page.nextUploadIdMarker };
    truncated = page.isTruncated;
  }
  expect(found).toMatchObject(all);
});

test('ListMultipartUploads with common prefixes, encoded on demand [documented]', async () => {
  const query = { uploads: '', delimiter: '/', 'encoding-type': 'url', 'max-uploads': '1' };
  const { body } = await send(cloud, { method: 'GET', key: '', query });
  expect(body).toContain('<CommonPrefixes><Prefix>a%2F</Prefix></CommonPrefixes>');
  expect(body).toContain('<NextKeyMarker>a%2F</NextKeyMarker>');
});

test.each(['0', '1001', 'abc'])(
  'ListMultipartUploads refuses max-uploads=%s [documented]',
  async (maximum) => {
    expect(await failure(client.listUploads({ 'max-uploads': maximum }))).toMatchObject({ status: 400 });
  },
);

test('ListMultipartUploads under a prefix, or behind a key [documented]', async () => {
  expect((await client.listUploads({ prefix: 'a/' })).uploads).toMatchObject(all.slice(0, 2));
  expect((await client.listUploads({ 'key-marker': 'a/2' })).uploads).toMatchObject(all.slice(2));
});

test("an upload id marker need not be the id of an upload [observed in an official SDK's tests]", async () => {
  const { uploadId } = await cloud.client.initMultipartUpload('marked');
  const list = async (marker: string) => {
    const query = { uploads: '', prefix: 'marked', 'key-marker': 'marked', 'upload-id-marker': marker };
    return (await send(cloud, { method: 'GET', key: '', query })).body.includes(`<UploadId>${uploadId}`);
  };
  expect([await list('!'), await list(uploadId), await list('z')]).toEqual([true, false, false]);
});
