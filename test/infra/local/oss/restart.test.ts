import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startCloud } from './cloud';

const cloud = await startCloud();
const folder = join(cloud.data, 'inbox');
afterAll(cloud.close);

test('objects, versions, their order, markers and uploads are there after a restart [documented]', async () => {
  await cloud.client.putBucketVersioning('inbox', 'Enabled');
  for (const body of ['one', 'two', 'three']) {
    await cloud.client.put('a/../b', Buffer.from(body), { meta: { body } }).catch(() => {});
    await cloud.client.put('key', Buffer.from(body), { meta: { body } });
  }
  await cloud.client.put('gone', Buffer.from('x'));
  await cloud.client.delete('gone');
  const { uploadId } = await cloud.client.initMultipartUpload('parts', { meta: { a: 'b' } });
  const part = Buffer.alloc(150_000, 'part');
  const first = await cloud.client.uploadPart('parts', uploadId, 1, part, 0, part.length);
  const before = await cloud.client.getBucketVersions();

  await cloud.restart();

  const { client } = cloud;
  const after = await client.getBucketVersions();
  const facts = ({ name, versionId }: { name: string; versionId: string }) => [name, versionId];
  expect(after.objects.map(facts)).toEqual(before.objects.map(facts));
  expect(after.deleteMarker.map(facts)).toEqual(before.deleteMarker.map(facts));
  expect((await client.getBucketVersioning('inbox')).versionStatus).toBe('Enabled');
  expect((await client.get('key')).content.toString()).toBe('three');
  expect((await client.head('key')).meta).toEqual({ body: 'three' });
  await client.completeMultipartUpload('parts', uploadId, [{ number: 1, etag: first.etag }]);
  expect((await client.get('parts')).content.equals(part)).toBe(true);
  expect((await client.head('parts')).meta).toEqual({ a: 'b' });
});

test('a new version after a restart is newer than those before [documented]', async () => {
  await cloud.restart();
  await cloud.client.put('key', Buffer.from('four'));
  expect((await cloud.client.get('key')).content.toString()).toBe('four');
  await cloud.restart();
  expect((await cloud.client.get('key')).content.toString()).toBe('four');
});

test('what a crash left half-written is removed, what was whole is finished [assumed]', async () => {
  await cloud.client.putBucketVersioning('inbox', 'Suspended');
  await cloud.client.put('once', Buffer.from('older'));
  const twin = await recordOf('once');
  await cloud.client.put('once', Buffer.from('newer'));
  const { uploadId } = await cloud.client.initMultipartUpload('done');
  const upload = await readFile(join(folder, 'uploads', `${uploadId}.json`));
  const part = await cloud.client.uploadPart('done', uploadId, 1, Buffer.from('done'), 0, 4);
  await cloud.client.completeMultipartUpload('done', uploadId, [{ number: 1, etag: part.etag }]);
  await cloud.oss.close();
  await mkdir(join(cloud.data, 'half-made', 'blobs'), { recursive: true });
  await writeFile(join(folder, 'blobs', 'orphan'), 'orphan');
  await writeFile(join(folder, 'blobs', 'cut.tmp'), 'cut');
  await writeFile(join(folder, 'versions', 'cut.json.tmp'), '{"id":');
  await writeFile(join(folder, 'versions', twin.name), twin.text);
  await writeFile(join(folder, 'uploads', `${uploadId}.json`), upload);

  await cloud.restart();

  const left = [...(await readdir(join(folder, 'blobs'))), ...(await readdir(join(folder, 'versions')))];
  expect(left.filter((name) => /orphan|tmp/.test(name) || name === twin.name)).toEqual([]);
  expect((await cloud.client.get('once')).content.toString()).toBe('newer');
  expect((await cloud.client.get('done')).content.toString()).toBe('done');
  expect((await cloud.client.listUploads()).uploads).toEqual([]);
  expect((await cloud.client.listBuckets()).buckets?.map(({ name }) => name)).toEqual(['inbox']);
});

async function recordOf(key: string): Promise<{ name: string; text: string }> {
  for (const name of await readdir(join(folder, 'versions'))) {
    const text = await readFile(join(folder, 'versions', name), 'utf8');
    if (JSON.parse(text).key === key) return { name, text };
  }
  throw new Error(`No record of ${key}`);
}

test('a key never becomes a file name [assumed]', async () => {
  const names = (await readdir(cloud.data, { recursive: true })).join('\n');
  expect(names).not.toMatch(/key|once|gone/);
});
