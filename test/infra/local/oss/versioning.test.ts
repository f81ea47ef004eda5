import { afterAll, describe, expect, test } from 'vitest';
import { type Client, createClient, failure } from './client';
import { root, startCloud } from './cloud';

const cloud = await startCloud();
afterAll(cloud.close);

/** A bucket of its own, and what its versions are. */
async function bucketWith(bucket: string, ...history: ('Enabled' | 'Suspended')[]) {
  const client = createClient({ endpoint: cloud.oss.endpoint, bucket, credentials: root });
  await client.putBucket(bucket);
  for (const status of history) await client.putBucketVersioning(bucket, status);
  return client;
}

async function put(client: Client, body: string): Promise<string | undefined> {
  return (await client.put('a', Buffer.from(body))).res.headers['x-oss-version-id'];
}

async function get(client: Client, versionId?: string): Promise<string> {
  return (await client.get('a', versionId ? { subres: { versionId } } : {})).content.toString();
}

async function remove(client: Client, versionId?: string) {
  const { res } = await client.delete('a', versionId ? { versionId } : {});
  return [res.status, res.headers['x-oss-version-id'], res.headers['x-oss-delete-marker']];
}

async function history(client: Client): Promise<string[]> {
  const { objects, deleteMarker } = await client.getBucketVersions();
  return [...objects, ...deleteMarker].map(({ versionId }) => versionId);
}

describe('a bucket whose versioning was never set [documented]', () => {
  test('has no version ids in its answers, and null in its list', async () => {
    const client = await bucketWith('never');
    expect(await put(client, 'one')).toBeUndefined();
    expect((await client.get('a')).res.headers['x-oss-version-id']).toBeUndefined();
    expect(await history(client)).toEqual(['null']);
    expect(await get(client, 'null')).toBe('one');
  });

  test('deletes for good', async () => {
    const client = await bucketWith('never-delete');
    await put(client, 'one');
    expect(await remove(client)).toEqual([204, undefined, undefined]);
    expect(await history(client)).toEqual([]);
  });
});

describe('a bucket with versioning enabled [documented]', () => {
  test('keeps every version under an id of its own', async () => {
    const client = await bucketWith('enabled', 'Enabled');
    const ids = [await put(client, 'one'), await put(client, 'two')];
    expect(new Set(ids).size).toBe(2);
    expect(await get(client)).toBe('two');
    expect(await get(client, ids[0])).toBe('one');
    expect((await client.get('a')).res.headers['x-oss-version-id']).toBe(ids[1]);
    expect((await client.head('a', { versionId: String(ids[0]) })).res.headers['x-oss-version-id']).toBe(
      ids[0],
    );
    expect(await history(client)).toEqual([ids[1], ids[0]]);
  });

  test('hides behind a delete marker what is deleted by key', async () => {
    const client = await bucketWith('marker', 'Enabled');
    const one = await put(client, 'one');
    const [status, marker, isMarker] = await remove(client);
    expect([status, isMarker]).toEqual([204, 'true']);
    expect(await failure(client.get('a'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(await get(client, one)).toBe('one');
    expect((await client.list()).objects).toEqual([]);
    expect((await client.getBucketVersions()).deleteMarker).toMatchObject([{ name: 'a', versionId: marker }]);
  });

  test('tells of the marker: 404 by key, 405 by its version id', async () => {
    const client = await bucketWith('marker-headers', 'Enabled');
    const marker = String((await remove(client))[1]);
    for (const method of ['GET', 'HEAD']) {
      const byKey = await fetch(await client.signatureUrlV4(method, 60, {}, 'a'), { method });
      const byId = await fetch(
        await client.signatureUrlV4(method, 60, { queries: { versionId: marker } }, 'a'),
        { method },
      );
      expect([byKey.status, byId.status]).toEqual([404, 405]);
      for (const { headers } of [byKey, byId]) {
        expect([headers.get('x-oss-delete-marker'), headers.get('x-oss-version-id')]).toEqual([
          'true',
          marker,
        ]);
      }
    }
  });

  test('comes back when its marker is deleted', async () => {
    const client = await bucketWith('undelete', 'Enabled');
    await put(client, 'one');
    const marker = String((await remove(client))[1]);
    expect(await remove(client, marker)).toEqual([204, marker, 'true']);
    expect(await get(client)).toBe('one');
  });

  test('loses exactly the version that is deleted by id', async () => {
    const client = await bucketWith('exactly', 'Enabled');
    const ids = [await put(client, 'one'), await put(client, 'two'), await put(client, 'three')];
    expect(await remove(client, ids[1])).toEqual([204, ids[1], undefined]);
    expect(await history(client)).toEqual([ids[2], ids[0]]);
    expect(await failure(client.get('a', { subres: { versionId: String(ids[1]) } }))).toMatchObject({
      status: 404,
      code: 'NoSuchVersion',
    });
    await remove(client, ids[2]);
    expect(await get(client)).toBe('one');
  });

  test('keeps as null what was there before', async () => {
    const client = await bucketWith('before');
    await put(client, 'old');
    await client.putBucketVersioning('before', 'Enabled');
    const next = await put(client, 'new');
    expect(await history(client)).toEqual([next, 'null']);
    expect((await client.head('a', { versionId: 'null' })).res.headers['x-oss-version-id']).toBe('null');
    expect(await get(client, 'null')).toBe('old');
  });

  test('has no versions of one key in another', async () => {
    const client = await bucketWith('other-key', 'Enabled');
    const one = String(await put(client, 'one'));
    const refused = client.get('b', { subres: { versionId: one } });
    expect(await failure(refused)).toMatchObject({ code: 'NoSuchVersion' });
  });
});

describe('a bucket with versioning suspended [documented]', () => {
  test('replaces only the null version', async () => {
    const client = await bucketWith('suspended', 'Enabled');
    const one = await put(client, 'one');
    await client.putBucketVersioning('suspended', 'Suspended');
    expect(await put(client, 'two')).toBe('null');
    expect(await put(client, 'three')).toBe('null');
    expect(await history(client)).toEqual(['null', one]);
    expect([await get(client), await get(client, one)]).toEqual(['three', 'one']);
  });

  test('deletes by a null marker, in place of the null version', async () => {
    const client = await bucketWith('null-marker', 'Enabled');
    const one = await put(client, 'one');
    await client.putBucketVersioning('null-marker', 'Suspended');
    await put(client, 'two');
    expect(await remove(client)).toEqual([204, 'null', 'true']);
    expect(await history(client)).toEqual([one, 'null']);
    expect(await failure(client.get('a'))).toMatchObject({ status: 404 });
    expect(await remove(client, 'null')).toEqual([204, 'null', 'true']);
    expect(await get(client)).toBe('one');
  });
});

test('many uploads at once all become versions, and the newest answers [assumed]', async () => {
  const client = await bucketWith('crowd', 'Enabled');
  const bodies = Array.from({ length: 12 }, (_, at) => `body ${at}`);
  const ids = await Promise.all(bodies.map((body) => put(client, body)));
  const listed = await history(client);
  expect(new Set(listed)).toEqual(new Set(ids));
  expect(await get(client)).toBe(bodies[ids.indexOf(listed[0])]);
});
