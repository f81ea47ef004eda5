import { afterAll, describe, expect, test } from 'vitest';
import { checkCopySize } from '../../../../../infra/local/oss/objects/copy-facts';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud({ blockPublicAccess: false });
afterAll(cloud.close);
const { client } = cloud;
const hello = Buffer.from('hello');
const eTag = '5D41402ABC4B2A76B9719D911017C592';
const earlier = new Date(Date.now() - 3_600_000).toUTCString();
const later = new Date(Date.now() + 3_600_000).toUTCString();
await client.put('from', hello, {
  mime: 'text/plain',
  meta: { owner: 'bob' },
  headers: { 'x-oss-tagging': 'a=1', 'x-oss-object-acl': 'public-read', 'x-oss-storage-class': 'IA' },
});
await client.putBucket('other');

function copyWith(headers: Record<string, string>, key = 'copy') {
  return send(cloud, { method: 'PUT', key, headers: { 'x-oss-copy-source': '/inbox/from', ...headers } });
}

describe('CopyObject', () => {
  test("answers ETag and time, and the CRC in a header [observed in an official SDK's tests]", async () => {
    const { status, headers, body } = await copyWith({});
    expect([status, headers['x-oss-hash-crc64ecma']]).toEqual([
      200,
      (await client.get('from')).res.headers['x-oss-hash-crc64ecma'],
    ]);
    expect(elementOf(body, 'ETag')).toBe(`&quot;${eTag}&quot;`);
    expect(elementOf(body, 'LastModified')).toMatch(/T\d\d:\d\d:\d\d\.000Z$/);
    expect(headers['x-oss-version-id']).toBeUndefined();
  });

  test("takes bytes, metadata and tags along, ACL and storage class not [observed in an official SDK's tests]", async () => {
    await client.copy('copy', 'from');
    const { meta, res } = await client.head('copy');
    expect((await client.get('copy')).content.equals(hello)).toBe(true);
    expect(meta).toEqual({ owner: 'bob' });
    expect(res.headers).toMatchObject({ 'content-type': 'text/plain', 'x-oss-storage-class': 'Standard' });
    expect((await client.getObjectTagging('copy')).tag).toEqual({ a: '1' });
    expect((await client.getACL('copy')).acl).toBe('default');
  });

  test.each([
    ['COPY', 'bob'],
    ['REPLACE', 'eve'],
  ])(
    "x-oss-metadata-directive: %s makes %s its owner [observed in an official SDK's tests]",
    async (directive, owner) => {
      await copyWith({ 'x-oss-metadata-directive': directive, 'x-oss-meta-owner': 'eve' });
      expect((await client.head('copy')).meta).toEqual({ owner });
    },
  );

  test.each([
    ['COPY', { a: '1' }],
    ['Replace', { b: '2' }],
  ])("x-oss-tagging-directive: %s [observed in an official SDK's tests]", async (directive, tags) => {
    await copyWith({ 'x-oss-tagging-directive': directive, 'x-oss-tagging': 'b=2' });
    expect((await client.getObjectTagging('copy')).tag).toEqual(tags);
  });

  test.each(['x-oss-metadata-directive', 'x-oss-tagging-directive'])(
    '%s: other is refused [documented]',
    async (name) => {
      expect(await copyWith({ [name]: 'other' })).toMatchObject({ status: 400, code: 'InvalidArgument' });
    },
  );

  test('the copy is not the original: either may go [documented]', async () => {
    await client.put('first', hello);
    await client.copy('second', 'first');
    await client.delete('first');
    expect((await client.get('second')).content.equals(hello)).toBe(true);
    await client.put('second', Buffer.from('new'));
    await client.copy('first', 'second');
    await client.delete('second');
    await cloud.restart();
    expect((await cloud.client.get('first')).content.toString()).toBe('new');
  });

  test('from another bucket, of odd names, of many parts [documented]', async () => {
    const bytes = Buffer.alloc(250_000, 'parts');
    await cloud.client.multipartUpload('dir/a b+c%41?你.bin', bytes, { partSize: 102_400 });
    const away = createClient({ endpoint: cloud.oss.endpoint, bucket: 'other', credentials: root });
    await away.copy('here', '/inbox/dir/a b+c%41?你.bin');
    expect((await away.get('here')).content.equals(bytes)).toBe(true);
  });
});

describe('a copy onto itself', () => {
  test("changes the metadata, whatever the directive [observed in an official SDK's tests]", async () => {
    await cloud.client.put('self', hello, { meta: { a: '1' } });
    const headers = { 'x-oss-copy-source': '/inbox/self', 'x-oss-meta-b': '2' };
    expect((await send(cloud, { method: 'PUT', key: 'self', headers })).status).toBe(200);
    const { meta } = await cloud.client.head('self');
    expect([meta, (await cloud.client.get('self')).content.toString()]).toEqual([{ b: '2' }, 'hello']);
  });

  test("without other metadata changes nothing [observed in an official SDK's tests]", async () => {
    await cloud.client.put('same', hello, { meta: { a: '1' } });
    await send(cloud, { method: 'PUT', key: 'same', headers: { 'x-oss-copy-source': '/inbox/same' } });
    expect((await cloud.client.head('same')).meta).toEqual({ a: '1' });
  });
});

describe('the conditions of a CopyObject', () => {
  test.each([
    ['if-match', eTag, 200],
    ['if-match', `"${eTag}"`, 200],
    ['if-match', 'OTHER', 412],
    ['if-none-match', 'OTHER', 200],
    ['if-none-match', `"${eTag}"`, 304],
    ['if-unmodified-since', later, 200],
    ['if-unmodified-since', earlier, 412],
    ['if-modified-since', earlier, 200],
    ['if-modified-since', later, 304],
  ])("%s: %s -> %i [observed in an official SDK's tests]", async (name, value, status) => {
    const answer = await copyWith({ [`x-oss-copy-source-${name}`]: value });
    expect(answer.status).toBe(status);
    if (status === 412) expect(answer.code).toBe('PreconditionFailed');
    if (status === 304) expect(answer.body).toBe('');
  });

  test("what ali-oss repeats of every header behind the prefix does no harm [observed in an official SDK's tests]", async () => {
    const headers = { 'If-Match': eTag, 'Content-Type': 'image/png' };
    await cloud.client.copy('repeated', 'from', { headers });
    expect((await cloud.client.head('repeated')).res.headers['content-type']).toBe('image/png');
  });
});

describe('CopyObject refuses', () => {
  test.each([
    ['/inbox/missing', 404, 'NoSuchKey'],
    ['/no-such-bucket/from', 404, 'NoSuchBucket'],
    ['/inbox', 400, 'InvalidArgument'],
    ['/inbox/', 400, 'InvalidArgument'],
    ['/inbox/%E4%BD', 400, 'InvalidArgument'],
    ['/inbox/from?versionId=CAEQnone', 404, 'NoSuchVersion'],
    ['/inbox/from?versionId=234', 400, 'InvalidArgument'],
  ])('the source %s: %i %s [assumed]', async (source, status, code) => {
    expect(await copyWith({ 'x-oss-copy-source': source })).toMatchObject({ status, code });
  });

  test('an appendable object [documented]', async () => {
    await cloud.client.append('log', hello);
    const refused = await copyWith({ 'x-oss-copy-source': '/inbox/log' });
    expect(refused).toMatchObject({ status: 400, code: 'OperationNotSupported' });
  });

  test.each([
    [{ size: 6 * 1024 ** 3, sameBucket: true, converted: false }, true],
    [{ size: 5 * 1024 ** 3, sameBucket: false, converted: false }, true],
    [{ size: 5 * 1024 ** 3 + 1, sameBucket: false, converted: false }, false],
    [{ size: 1024 ** 3, sameBucket: true, converted: true }, true],
    [{ size: 1024 ** 3 + 1, sameBucket: true, converted: true }, false],
  ])('%j: %s [documented]', (copy, fits) => {
    if (fits) checkCopySize(copy);
    else expect(() => checkCopySize(copy)).toThrow('maximum allowed object size');
  });

  test("to overwrite where x-oss-forbid-overwrite is true [observed in an official SDK's tests]", async () => {
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    expect((await copyWith(forbid, 'once')).status).toBe(200);
    expect(await copyWith(forbid, 'once')).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
    expect((await copyWith({ 'x-oss-forbid-overwrite': 'false' }, 'once')).status).toBe(200);
  });
});

test("versions: which was copied, and which was made [observed in an official SDK's tests]", async () => {
  await cloud.client.putBucketVersioning('other', 'Enabled');
  const away = createClient({ endpoint: cloud.oss.endpoint, bucket: 'other', credentials: root });
  const ids: string[] = [];
  for (const body of ['one', 'two']) {
    ids.push(String((await away.put('v', Buffer.from(body))).res.headers['x-oss-version-id']));
  }
  const newest = await away.copy('w', 'v');
  expect(newest.res.headers['x-oss-copy-source-version-id']).toBe(ids[1]);
  const older = await away.copy('w', 'v', { versionId: String(ids[0]) });
  expect(older.res.headers['x-oss-copy-source-version-id']).toBe(ids[0]);
  expect(older.res.headers['x-oss-version-id']).not.toBe(newest.res.headers['x-oss-version-id']);
  expect((await away.get('w')).content.toString()).toBe('one');
  const marker = String((await away.delete('v')).res.headers['x-oss-version-id']);
  expect(await failure(away.copy('w', 'v'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  expect(await failure(away.copy('w', 'v', { versionId: marker }))).toMatchObject({
    status: 404,
    code: 'NoSuchKey',
  });
});
