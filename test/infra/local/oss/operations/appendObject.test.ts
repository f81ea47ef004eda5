import { afterAll, describe, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { send } from '../raw';

const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);
const { client } = cloud;

function append(key: string, position: number, body: string, headers: Record<string, string> = {}) {
  return client.append(key, Buffer.from(body), { position, headers });
}

describe('AppendObject', () => {
  test("grows an object and tells where to go on [observed in an official SDK's tests]", async () => {
    const first = await append('log', 0, '12345');
    const second = await append('log', 5, '6789');
    expect([first.nextAppendPosition, second.nextAppendPosition]).toEqual(['5', '9']);
    expect(second.res.headers['x-oss-hash-crc64ecma']).toBe('11051210869376104954');
    const { content, res } = await client.get('log');
    expect(content.toString()).toBe('123456789');
    expect(res.headers).toMatchObject({
      'x-oss-object-type': 'Appendable',
      'x-oss-next-append-position': '9',
      etag: expect.stringMatching(/^"[0-9A-F]{24}00000000"$/),
      'content-length': '9',
    });
    expect(res.headers['content-md5']).toBeUndefined();
    expect((await client.list({ prefix: 'log' })).objects).toMatchObject([{ type: 'Appendable', size: 9 }]);
  });

  test("at another position is refused, and told the right one [observed in an official SDK's tests]", async () => {
    await append('place', 0, 'four');
    for (const position of ['0', '3', '5']) {
      const query = { append: '', position };
      const refused = await send(cloud, { method: 'POST', key: 'place', query, body: Buffer.from('x') });
      expect(refused).toMatchObject({ status: 409, code: 'PositionNotEqualToLength' });
      expect(refused.headers).toMatchObject({
        'x-oss-next-append-position': '4',
        'x-oss-ec': '0026-00000016',
      });
    }
    expect((await client.get('place')).content.toString()).toBe('four');
  });

  test("to an object that was put is refused [observed in an official SDK's tests]", async () => {
    await client.put('normal', Buffer.from('body'));
    expect(await failure(append('normal', 4, 'x'))).toMatchObject({
      status: 409,
      code: 'ObjectNotAppendable',
    });
  });

  test.each([
    [{ append: '' }, '0016-00000501'],
    [{ append: '', position: 'test' }, '0016-00000502'],
    [{ append: '', position: '-1' }, '0016-00000502'],
  ])('%j is refused [documented]', async (query, ec) => {
    const refused = await send(cloud, {
      method: 'POST',
      key: 'bad',
      query: { ...query },
      body: Buffer.from('x'),
    });
    expect([refused.status, refused.headers['x-oss-ec']]).toEqual([400, ec]);
  });

  test("the first request's metadata and tags hold, the last one's ACL [observed in an official SDK's tests]", async () => {
    const first = { 'x-oss-meta-a': '1', 'x-oss-tagging': 'a=1', 'x-oss-object-acl': 'public-read-write' };
    await append('meta', 0, '1', first);
    const tooMany = Array.from({ length: 15 }, (_, at) => `k${at}=v`).join('&');
    await append('meta', 1, '2', {
      'x-oss-meta-a': '2',
      'x-oss-tagging': tooMany,
      'x-oss-object-acl': 'public-read',
    });
    expect((await client.head('meta')).meta).toEqual({ a: '1' });
    expect((await client.getObjectTagging('meta')).tag).toEqual({ a: '1' });
    expect((await client.getACL('meta')).acl).toBe('public-read');
    expect(await failure(append('new', 0, '1', { 'x-oss-tagging': tooMany }))).toMatchObject({
      code: 'InvalidTag',
    });
  });

  test('one of many at the same place wins [documented]', async () => {
    const ends = await Promise.allSettled(['a', 'b', 'c', 'd'].map((body) => append('race', 0, body)));
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect((await client.get('race')).content.length).toBe(1);
  });

  test('a restart keeps it appendable [documented]', async () => {
    await append('kept', 0, 'one ');
    await cloud.restart();
    await cloud.client.append('kept', Buffer.from('two'), { position: 4 });
    expect((await cloud.client.get('kept')).content.toString()).toBe('one two');
  });
});

test("with versioning it stays one version, and is begun anew behind a delete marker [observed in an official SDK's tests]", async () => {
  await cloud.client.putBucket('versioned');
  await cloud.client.putBucketVersioning('versioned', 'Enabled');
  const versioned = createClient({ endpoint: cloud.oss.endpoint, bucket: 'versioned', credentials: root });
  const first = await versioned.append('log', Buffer.from('123'), { position: 0 });
  const second = await versioned.append('log', Buffer.from('456'), { position: 3 });
  const versionId = String(second.res.headers['x-oss-version-id']);
  expect(versionId).toBe(first.res.headers['x-oss-version-id']);
  const { res } = await versioned.delete('log');
  expect((await versioned.get('log', { subres: { versionId } })).content.toString()).toBe('123456');
  await versioned.append('log', Buffer.from('789'), { position: 0 });
  await versioned.delete('log', { versionId: String(res.headers['x-oss-version-id']) });
  expect((await versioned.append('log', Buffer.from('789'), { position: 3 })).nextAppendPosition).toBe('6');
  expect((await versioned.getBucketVersions()).objects.length).toBe(2);
});

test("tags that are none are ignored when it goes on, whoever decides [observed in an official SDK's tests]", async () => {
  const guarded = await startCloud({ authorize: () => 'allowed' });
  await guarded.client.append('log', Buffer.from('a'), { position: 0 });
  const headers = { 'x-oss-tagging': Array.from({ length: 15 }, (_, n) => `k${n}=v`).join('&') };
  const { res } = await guarded.client.append('log', Buffer.from('b'), { position: 1, headers });
  expect(res.status).toBe(200);
  await guarded.close();
});
