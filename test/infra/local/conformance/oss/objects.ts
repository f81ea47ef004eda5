import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { elementOf } from '../../oss/raw';
import { at, plain } from './scratch';

const { client, send, bucket } = plain;
const digits = Buffer.from('123456789');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('base64');

describe('PutObject', () => {
  test('ETag is the MD5 in upper-case hex, in quotes; CRC-64 is of XZ [documented]', async () => {
    const { res } = await client.put(at('digits'), digits);
    expect(res.status).toBe(200);
    expect(res.headers).toMatchObject({
      etag: '"25F9E794323B453885F5181F1B624D0B"',
      'x-oss-hash-crc64ecma': '11051210869376104954',
    });
  });

  test("answers Content-MD5 [observed in an official SDK's tests]", async () => {
    const { res } = await client.put(at('digits'), digits);
    expect(res.headers['content-md5']).toBe(md5(digits));
  });

  test('server, request id and no version [documented]', async () => {
    const { res } = await client.put(at('digits'), digits);
    expect(res.headers).toMatchObject({ server: 'AliyunOSS' });
    expect(res.headers['x-oss-request-id']).toMatch(/^[0-9A-F]{24}$/);
    expect(res.headers['x-oss-version-id']).toBeUndefined();
  });

  test('an empty object is one [documented]', async () => {
    const { res } = await client.put(at('empty'), Buffer.alloc(0));
    expect(res.headers.etag).toBe('"D41D8CD98F00B204E9800998ECF8427E"');
    expect((await client.get(at('empty'))).content.length).toBe(0);
  });

  test('a body of unknown length in chunks [documented]', async () => {
    const bytes = Buffer.alloc(200_000, 'chunk');
    await client.putStream(at('chunked'), Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]));
    expect((await client.get(at('chunked'))).content.equals(bytes)).toBe(true);
  });

  test('a Content-MD5 of other bytes is refused, nothing is kept [documented]', async () => {
    const headers = { 'Content-MD5': md5(Buffer.from('other')) };
    const refused = await failure(client.put(at('digest'), digits, { headers }));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidDigest' });
    expect(await failure(client.head(at('digest')))).toMatchObject({ status: 404 });
  });

  test('a later object takes the place of an earlier one [documented]', async () => {
    await client.put(at('twice'), Buffer.from('old'));
    await client.put(at('twice'), Buffer.from('new'));
    expect((await client.get(at('twice'))).content.toString()).toBe('new');
  });
});

describe('headers and metadata', () => {
  test('an object is application/octet-stream, Standard and Normal unless told otherwise [documented]', async () => {
    await send({ method: 'PUT', key: at('untyped'), body: digits });
    expect((await client.head(at('untyped'))).res.headers).toMatchObject({
      ...{ 'content-type': 'application/octet-stream', 'content-length': '9', 'accept-ranges': 'bytes' },
      ...{ 'x-oss-storage-class': 'Standard', 'x-oss-object-type': 'Normal' },
      'last-modified': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/),
    });
  });

  test.each([
    ['content-type', 'text/plain'],
    ['cache-control', 'no-store'],
    ['content-disposition', 'attachment; filename="a.txt"'],
    ['content-encoding', 'identity'],
    ['content-language', 'de'],
    ['expires', 'Wed, 08 Jul 2037 16:57:01 GMT'],
    ['x-oss-meta-owner', 'bob'],
  ])('%s comes back [documented]', async (name, value) => {
    await send({ method: 'PUT', key: at('header'), headers: { [name]: value }, body: digits });
    expect((await send({ method: 'GET', key: at('header') })).headers[name]).toBe(value);
    expect((await send({ method: 'HEAD', key: at('header') })).headers[name]).toBe(value);
  });

  test("metadata may be UTF-8 [observed in an official SDK's tests]", async () => {
    const headers = { 'x-oss-meta-name': 'grün 你' };
    expect((await send({ method: 'PUT', key: at('utf8'), headers, body: digits })).status).toBe(200);
    const { 'x-oss-meta-name': name } = (await send({ method: 'HEAD', key: at('utf8') })).headers;
    expect(Buffer.from(`${name}`, 'latin1').toString()).toBe('grün 你');
  });

  test('more than 8 KB of metadata is refused [documented]', async () => {
    const meta = { a: 'm'.repeat(8193) };
    expect(await failure(client.put(at('meta'), digits, { meta }))).toMatchObject({ status: 400 });
  });

  test('GetObjectMeta tells ETag, length, time and CRC-64 [documented]', async () => {
    await client.put(at('digits'), digits);
    const { res } = await client.getObjectMeta(at('digits'));
    expect(res.headers).toMatchObject({
      ...{ etag: '"25F9E794323B453885F5181F1B624D0B"', 'content-length': '9' },
      ...{ 'last-modified': expect.any(String), 'x-oss-hash-crc64ecma': '11051210869376104954' },
    });
  });
});

describe('what is not there', () => {
  const missing = { method: 'GET', key: at('missing') };

  test("GET is 404 NoSuchKey with its EC [observed in an official SDK's tests]", async () => {
    const answer = await send(missing);
    expect(answer).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(answer.message).toBe('The specified key does not exist.');
    expect(answer.headers['x-oss-ec']).toBe('0026-00000001');
    expect(elementOf(answer.body, 'EC')).toBe('0026-00000001');
    expect(elementOf(answer.body, 'Key')).toBe(at('missing'));
  });

  test('the error document is XML and names the request and the bucket [documented]', async () => {
    const { headers, body } = await send(missing);
    expect(headers['content-type']).toBe('application/xml');
    expect(elementOf(body, 'RequestId')).toBe(headers['x-oss-request-id']);
    expect(elementOf(body, 'HostId')).toMatch(new RegExp(`^${bucket}\\.`));
    expect(elementOf(body, 'RecommendDoc')).toMatch(
      /^https:\/\/api\.(aliyun|alibabacloud)\.com\/troubleshoot\?q=/,
    );
  });

  test("HEAD carries the error document in x-oss-err [observed in an official SDK's tests]", async () => {
    const { status, headers, body } = await send({ ...missing, method: 'HEAD' });
    expect([status, body, headers['x-oss-ec']]).toEqual([404, '', '0026-00000001']);
    const document = Buffer.from(`${headers['x-oss-err']}`, 'base64').toString();
    expect(elementOf(document, 'Code')).toBe('NoSuchKey');
  });

  test('DELETE is 204, of what was there too [documented]', async () => {
    expect((await client.delete(at('missing'))).res.status).toBe(204);
    await client.put(at('deleted'), digits);
    expect((await client.delete(at('deleted'))).res.status).toBe(204);
    expect(await failure(client.get(at('deleted')))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  test('DeleteMultipleObjects tells what it deleted, quietly nothing [documented]', async () => {
    await client.put(at('many/1'), digits);
    const names = [at('many/1'), at('many/missing')];
    expect((await client.deleteMulti(names)).deleted.map(({ Key }) => Key)).toEqual(names);
    expect((await client.deleteMulti(names, { quiet: true })).deleted).toEqual([]);
  });
});
