import { afterAll, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { accountId, startCloud } from '../cloud';

const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);
const { client } = cloud;
await client.put('a', Buffer.from('hello'));

function visit(key: string, init: RequestInit = {}, query = '') {
  return fetch(`${cloud.oss.endpoint}/inbox/${key}${query}`, init);
}

describe('the ACL of an object', () => {
  test("is default until it is set [observed in an official SDK's tests]", async () => {
    const { acl, owner } = await client.getACL('a');
    expect([acl, owner.id]).toEqual(['default', accountId]);
    for (const wanted of ['public-read-write', 'private', 'public-read', 'default']) {
      await client.putACL('a', wanted);
      expect((await client.getACL('a')).acl).toBe(wanted);
    }
  });

  test('cannot be anything, nor of nothing [documented]', async () => {
    expect(await failure(client.putACL('a', 'secret'))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
    expect(await failure(client.putACL('missing', 'private'))).toMatchObject({ code: 'NoSuchKey' });
    expect(await failure(client.getACL('missing'))).toMatchObject({ code: 'NoSuchKey' });
  });

  test('comes with a put, and survives a restart [documented]', async () => {
    await client.put('put', Buffer.from('x'), { headers: { 'x-oss-object-acl': 'public-read' } });
    await cloud.restart();
    expect((await cloud.client.getACL('put')).acl).toBe('public-read');
  });
});

describe('without a signature', () => {
  test("a private object is refused, a public one is read [observed in an official SDK's tests]", async () => {
    await cloud.client.put('b', Buffer.from('hello'));
    const refused = await visit('b');
    expect([refused.status, refused.headers.get('x-oss-ec')]).toEqual([403, '0003-00000001']);
    await cloud.client.putACL('b', 'public-read');
    expect(await (await visit('b')).text()).toBe('hello');
    expect((await visit('b', { method: 'HEAD' })).status).toBe(200);
    expect((await visit('b', { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await visit('b', { method: 'DELETE' })).status).toBe(403);
    expect((await visit('b', {}, '?acl')).status).toBe(403);
    expect((await visit('')).status).toBe(403);
  });

  test('what the answer says of itself is not for everybody to choose [documented]', async () => {
    await cloud.client.putACL('b', 'public-read');
    const refused = await visit('b', {}, '?response-content-type=text/html');
    expect([refused.status, (await refused.text()).includes('<Code>InvalidRequest</Code>')]).toEqual([
      400,
      true,
    ]);
  });

  test('a bucket that blocks public access takes no public object [documented]', async () => {
    const blocked = await startCloud();
    await blocked.client.put('a', Buffer.from('hello'));
    const denied = { status: 403, code: 'AccessDenied' };
    expect(await failure(blocked.client.putACL('a', 'public-read'))).toMatchObject(denied);
    const headers = { 'x-oss-object-acl': 'public-read' };
    expect(await failure(blocked.client.put('a', Buffer.from('x'), { headers }))).toMatchObject(denied);
    await blocked.close();
  });
});
