import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { answerTo, beginRequest, putBytes, send, signedHeaders } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const hello = Buffer.from('hello');

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('base64');
}

function blobs(): Promise<string[]> {
  return readdir(join(cloud.data, 'inbox', 'blobs'));
}

describe('PutObject', () => {
  test('answers ETag, CRC-64 and MD5 [documented]', async () => {
    const { res } = await client.put('a', Buffer.from('123456789'));
    expect(res.headers).toMatchObject({
      etag: '"25F9E794323B453885F5181F1B624D0B"',
      'x-oss-hash-crc64ecma': '11051210869376104954',
      'content-md5': 'JfnnlDI7RTiF9RgfG2JNCw==',
      server: 'AliyunOSS',
    });
    expect(res.headers['x-oss-version-id']).toBeUndefined();
  });

  test.each([0, 1, 65_536, 3_000_001])(
    'a stream of %i bytes in chunks of unknown number [documented]',
    async (size) => {
      const bytes = Buffer.alloc(size, 'chunk');
      await client.putStream(
        'stream',
        Readable.from([bytes.subarray(0, 7), bytes.subarray(7)].filter((b) => b.length > 0)),
      );
      expect((await client.get('stream')).content.equals(bytes)).toBe(true);
    },
  );

  test('keeps what the headers say [documented]', async () => {
    const headers = {
      'Content-Type': 'text/plain',
      'Content-Encoding': 'identity',
      'Content-Language': 'de',
      'Content-Disposition': 'inline',
      'Cache-Control': 'no-store',
      Expires: 'Wed, 08 Jul 2037 16:57:01 GMT',
      'x-oss-storage-class': 'IA',
      'x-oss-server-side-encryption': 'AES256',
      'x-oss-tagging': 'a=1&b=x%20y',
    };
    await client.put('headers', hello, { headers: { ...headers }, meta: { owner: 'bob' } });
    const { res, meta } = await client.head('headers');
    const { 'x-oss-tagging': _, ...kept } = headers;
    const lower = Object.fromEntries(
      Object.entries(kept).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(res.headers).toMatchObject({ ...lower, 'x-oss-tagging-count': '2' });
    expect(meta).toEqual({ owner: 'bob' });
    expect((await client.getObjectTagging('headers')).tag).toEqual({ a: '1', b: 'x y' });
  });

  test('gives application/octet-stream and Standard unless told otherwise [documented]', async () => {
    await client.put('plain', hello);
    expect((await client.head('plain')).res.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-oss-storage-class': 'Standard',
    });
  });

  test("keeps UTF-8 in metadata [observed in an official SDK's tests]", async () => {
    const headers = { 'x-oss-meta-name': Buffer.from('grün 你').toString('latin1') };
    const signed = signedHeaders(client, {
      method: 'PUT',
      key: 'utf8',
      headers: { 'x-oss-meta-name': 'grün 你' },
    });
    const put = beginRequest(cloud, { method: 'PUT', key: 'utf8' }, { ...signed, ...headers });
    expect((await answerTo(put, hello)).status).toBe(200);
    const head = await send(cloud, { method: 'HEAD', key: 'utf8' });
    expect(Buffer.from(String(head.headers['x-oss-meta-name']), 'latin1').toString()).toBe('grün 你');
  });

  test('keeps the bytes of metadata that is no UTF-8 [assumed]', async () => {
    const values = {
      'x-oss-meta-author': '\xf6',
      'x-oss-meta-b': 'a\xe5\xb9 \xff',
      'x-oss-meta-c': '\xe4\xbd\xa0',
    };
    const put = await putBytes(
      { port: cloud.oss.port, bucket: 'inbox', credentials: root },
      'latin1',
      values,
    );
    expect(put.status).toBe(200);
    expect((await send(cloud, { method: 'HEAD', key: 'latin1' })).headers).toMatchObject(values);
    await client.copy('latin1-copy', 'latin1');
    expect((await send(cloud, { method: 'HEAD', key: 'latin1-copy' })).headers).toMatchObject(values);
  });

  test.each([
    ['x-oss-meta-a_b', 'v', '0011-00000004'],
    ['x-oss-meta-a.b', 'v', '0011-00000004'],
    ['x-oss-meta-', 'v', '0011-00000004'],
  ])('takes no user metadata %s [documented]', async (name, value, ec) => {
    const refused = await failure(client.put('meta3', hello, { headers: { [name]: value } }));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument', ecCode: ec });
  });

  test('takes 8 KB of metadata and no more [documented]', async () => {
    const name = 'x-oss-meta-a'.length;
    await client.put('meta', hello, { meta: { a: 'm'.repeat(8192 - name) } });
    const refused = await failure(client.put('meta2', hello, { meta: { a: 'm'.repeat(8193 - name) } }));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('an older object is replaced, and its bytes go [documented]', async () => {
    await client.put('twice', Buffer.from('old'));
    const before = (await blobs()).length;
    await client.put('twice', Buffer.from('new'));
    expect((await client.get('twice')).content.toString()).toBe('new');
    expect((await blobs()).length).toBe(before);
  });
});

describe('PutObject refuses and keeps nothing', () => {
  test('a Content-MD5 of other bytes, or none at all [documented]', async () => {
    for (const wrong of [md5(Buffer.from('other')), 'no base64 of 16 bytes', 'aGVsbG8=']) {
      const refused = await failure(client.put('md5', hello, { headers: { 'Content-MD5': wrong } }));
      expect(refused).toMatchObject({ status: 400, code: 'InvalidDigest' });
    }
    expect(await failure(client.head('md5'))).toMatchObject({ status: 404 });
    expect((await client.put('md5', hello, { headers: { 'Content-MD5': md5(hello) } })).res.status).toBe(200);
  });

  test('no length at all [documented]', async () => {
    const request = { method: 'PUT', key: 'length' };
    const put = beginRequest(cloud, request, signedHeaders(client, request));
    put.useChunkedEncodingByDefault = false;
    put.removeHeader('content-length');
    put.removeHeader('transfer-encoding');
    expect(await answerTo(put)).toMatchObject({ status: 411, code: 'MissingContentLength' });
  });

  test('more than 5 GB, before the first byte [documented]', async () => {
    const request = { method: 'PUT', key: 'huge', headers: { 'content-length': String(5 * 1024 ** 3 + 1) } };
    const put = beginRequest(cloud, request, signedHeaders(client, request));
    put.flushHeaders();
    const [response] = await once(put, 'response');
    put.on('error', () => {});
    put.destroy();
    expect(response.statusCode).toBe(400);
  });

  test.each([
    ['/a', '0016-00000005'],
    ['\\a', '0016-00000005'],
    ['a'.repeat(1024), '0016-00000002'],
    ['你'.repeat(342), '0016-00000002'],
  ])('the name %s [documented]', async (key, ec) => {
    const refused = await send(cloud, { method: 'PUT', key, body: hello });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidObjectName' });
    expect(refused.headers['x-oss-ec']).toBe(ec);
  });

  test('a name of 1023 bytes is fine [documented]', async () => {
    expect((await client.put('你'.repeat(341), hello)).res.status).toBe(200);
  });

  test.each([
    ['x-oss-storage-class', 'Fast', 400],
    ['x-oss-server-side-encryption', 'ROT13', 400],
    ['x-oss-tagging', 'a=1&a=2', 400],
    ['x-oss-tagging', 'a=%ff', 400],
    ['x-oss-tagging', `a=${'v'.repeat(257)}`, 400],
    ['x-oss-tagging', `${'k'.repeat(129)}=v`, 400],
    ['x-oss-tagging', 'a=v%21', 400],
    ['x-oss-tagging', Array.from({ length: 11 }, (_, at) => `k${at}=v`).join('&'), 400],
    ['x-oss-object-acl', 'secret', 400],
    ['If-Modified-Since', 'Tue, 10 Nov 2009 23:00:00 GMT', 501],
    ['x-oss-callback', 'e30=', 400],
  ])('%s: %s [assumed]', async (name, value, status) => {
    expect((await failure(client.put('refused', hello, { headers: { [name]: value } }))).status).toBe(status);
  });
});

describe('x-oss-server-side-encryption', () => {
  test("KMS names a key and keeps the cipher, AES256 neither [observed in an official SDK's tests]", async () => {
    const sm4 = { 'x-oss-server-side-data-encryption': 'SM4' };
    const kms = { 'x-oss-server-side-encryption': 'KMS', ...sm4 };
    const { res } = await client.put('kms', hello, { headers: { ...kms } });
    expect(res.headers).toMatchObject(kms);
    expect(res.headers['x-oss-server-side-encryption-key-id']).toMatch(/^[0-9a-f-]{36}$/);
    const aes = await client.put('aes', hello, {
      headers: { 'x-oss-server-side-encryption': 'AES256', ...sm4 },
    });
    expect(aes.res.headers['x-oss-server-side-encryption']).toBe('AES256');
    expect(aes.res.headers['x-oss-server-side-data-encryption']).toBeUndefined();
  });
});

describe('x-oss-forbid-overwrite', () => {
  const forbid = { 'x-oss-forbid-overwrite': 'true' };

  test('keeps the first object [documented]', async () => {
    await client.put('once', hello, { headers: { ...forbid } });
    const refused = await failure(client.put('once', Buffer.from('other'), { headers: { ...forbid } }));
    expect(refused).toMatchObject({ status: 409, code: 'FileAlreadyExists', ecCode: '0026-00000002' });
    expect((await client.get('once')).content.toString()).toBe('hello');
  });

  test('lets one of many win [documented]', async () => {
    const bodies = Array.from({ length: 8 }, (_, at) => Buffer.from(`racer ${at}`));
    const ends = await Promise.allSettled(
      bodies.map((body) => client.put('race', body, { headers: { ...forbid } })),
    );
    const winners = bodies.filter((_, at) => ends[at]?.status === 'fulfilled');
    expect(winners.map(String)).toEqual([(await client.get('race')).content.toString()]);
  });

  test('false allows, another word is refused [documented]', async () => {
    await client.put('once', hello, { headers: { 'x-oss-forbid-overwrite': 'false' } });
    const refused = await failure(
      client.put('once', hello, { headers: { 'x-oss-forbid-overwrite': 'yes' } }),
    );
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument', ecCode: '0017-00000279' });
  });

  test.each(['Enabled', 'Suspended'])(
    "has no effect where versioning is %s [observed in an official SDK's tests]",
    async (status) => {
      await client.putBucket('versioned');
      await client.putBucketVersioning('versioned', status);
      const { endpoint } = cloud.oss;
      const versioned = createClient({ endpoint, bucket: 'versioned', credentials: root });
      await versioned.put('a', hello);
      expect((await versioned.put('a', hello, { headers: { ...forbid } })).res.status).toBe(200);
    },
  );
});
