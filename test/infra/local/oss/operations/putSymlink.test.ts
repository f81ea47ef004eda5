import { afterAll, describe, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { send, sendUnsigned } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const target = 'dir/a b+c 你.txt';
await client.put(target, Buffer.from('hello'), { mime: 'text/plain', meta: { of: 'target' } });
await client.putSymlink('link', target, { meta: { of: 'link' } });

describe('a symlink', () => {
  test("shows its target's bytes under its own metadata [observed in an official SDK's tests]", async () => {
    const { content, res } = await client.get('link');
    expect(content.toString()).toBe('hello');
    expect(res.headers).toMatchObject({
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'content-length': '5',
      'x-oss-object-type': 'Symlink',
      'x-oss-meta-of': 'link',
    });
    const { meta, res: head } = await client.head('link');
    expect([meta, head.headers['content-length']]).toEqual([{ of: 'link' }, '5']);
    expect((await client.get('link', { headers: { Range: 'bytes=1-2' } })).content.toString()).toBe('el');
  });

  test("tells where it points to, and lists as what it is [observed in an official SDK's tests]", async () => {
    expect((await client.getSymlink('link')).targetName).toBe(target);
    expect((await client.list({ prefix: 'link' })).objects).toMatchObject([{ type: 'Symlink', size: 0 }]);
  });

  test("may be there before its target [observed in an official SDK's tests]", async () => {
    await client.putSymlink('early', 'not-yet', {});
    const missing = { status: 404, code: 'SymlinkTargetNotExist', ecCode: '0026-00000012' };
    expect(await failure(client.get('early'))).toMatchObject(missing);
    expect(await failure(client.head('early'))).toMatchObject({ status: 404 });
    await client.put('not-yet', Buffer.from('now'));
    expect((await client.get('early')).content.toString()).toBe('now');
  });

  test('to a symlink leads nowhere [documented]', async () => {
    await client.putSymlink('second', 'link', {});
    expect(await failure(client.get('second'))).toMatchObject({
      status: 400,
      code: 'InvalidTargetType',
      ecCode: '0026-00000011',
    });
  });

  test('is copied and deleted as itself [documented]', async () => {
    await client.copy('copied', 'link');
    expect((await client.getSymlink('copied')).targetName).toBe(target);
    await client.delete('copied');
    expect((await client.get(target)).content.toString()).toBe('hello');
  });

  test('is not the answer for what is none [documented]', async () => {
    expect(await failure(client.getSymlink(target))).toMatchObject({ status: 400, ecCode: '0043-00000101' });
    expect(await failure(client.getSymlink('missing'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    const refused = await send(cloud, { method: 'PUT', key: 'none', query: { symlink: '' } });
    expect([refused.status, refused.headers['x-oss-ec']]).toEqual([400, '0043-00000001']);
  });

  test('x-oss-forbid-overwrite keeps what is there [documented]', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    expect(await failure(client.putSymlink('link', 'x', { headers }))).toMatchObject({
      code: 'FileAlreadyExists',
    });
  });

  test("has versions of its own [observed in an official SDK's tests]", async () => {
    await client.putBucket('versioned');
    await client.putBucketVersioning('versioned', 'Enabled');
    const versioned = createClient({ endpoint: cloud.oss.endpoint, bucket: 'versioned', credentials: root });
    const ids: string[] = [];
    for (const name of ['one', 'two']) {
      ids.push(String((await versioned.putSymlink('link', name, {})).res.headers['x-oss-version-id']));
    }
    const [versionId = ''] = ids;
    expect((await versioned.getSymlink('link', { versionId })).targetName).toBe('one');
    expect((await versioned.getSymlink('link')).targetName).toBe('two');
  });

  test('without a signature leads only to what may be read without one [documented]', async () => {
    const open = await startCloud({ blockPublicAccess: false });
    const headers = { 'x-oss-object-acl': 'public-read' };
    await open.client.put('target', Buffer.from('hello'));
    await open.client.putSymlink('link', 'target', { headers });
    const get = { method: 'GET', key: 'link' };
    expect(await sendUnsigned(open, get)).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect((await sendUnsigned(open, { ...get, method: 'HEAD' })).status).toBe(403);
    await open.client.putACL('target', 'public-read');
    expect((await sendUnsigned(open, get)).body).toBe('hello');
    await open.close();
  });
});
