import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const ten = Buffer.from('0123456789');
const eTag = '781E5E245D69B566979B86E28D23F2C7';
await client.put('ten', ten);
const earlier = new Date(Date.now() - 3_600_000).toUTCString();
const later = new Date(Date.now() + 3_600_000).toUTCString();

describe('GetObject', () => {
  test('answers bytes and all that is known of them [documented]', async () => {
    const { content, res } = await client.get('ten');
    expect(content.equals(ten)).toBe(true);
    expect(res.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '10',
      'x-oss-object-type': 'Normal',
      etag: `"${eTag}"`,
      'x-oss-hash-crc64ecma': '2838902930144391966',
      'last-modified': expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/),
    });
  });

  test('an empty object [documented]', async () => {
    await client.put('empty', Buffer.alloc(0));
    const { stream, res } = await client.getStream('empty');
    expect((await buffer(stream)).length).toBe(0);
    expect(res.headers).toMatchObject({ 'content-length': '0', 'x-oss-hash-crc64ecma': '0' });
  });

  test('stored bytes come back as stored, whatever their encoding [documented]', async () => {
    const zipped = gzipSync(ten);
    await client.put('zipped', zipped, { headers: { 'Content-Encoding': 'gzip' } });
    const { stream } = await client.getStream('zipped');
    expect((await buffer(stream)).equals(zipped)).toBe(true);
  });

  test('what is not there [documented]', async () => {
    const missing = { status: 404, code: 'NoSuchKey', ecCode: '0026-00000001' };
    expect(await failure(client.get('missing'))).toMatchObject(missing);
    expect(await failure(client.get('ten', { subres: { versionId: 'CAEQnone' } }))).toMatchObject({
      status: 404,
      code: 'NoSuchVersion',
    });
  });

  test('response headers are replaced by the query, control characters are not let in [documented]', async () => {
    const subres = { 'response-content-type': 'text/x', 'response-content-language': 'de' };
    expect((await client.get('ten', { subres })).res.headers).toMatchObject({
      'content-type': 'text/x',
      'content-language': 'de',
    });
    const bad = { 'response-content-type': 'a\r\nx: y' };
    expect(await failure(client.get('ten', { subres: bad }))).toMatchObject({ status: 400 });
  });
});

test('of several ranges none is served: the docs disagree, all bytes are the safe answer [assumed]', async () => {
  const { content, res } = await client.get('ten', { headers: { Range: 'bytes=0-1,3-4' } });
  expect([res.status, content.equals(ten)]).toEqual([200, true]);
});

describe('the range of a GetObject [documented]', () => {
  test.each([
    ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-9', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=-10', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-10', 200, '0123456789', undefined],
    ['bytes=10-', 200, '0123456789', undefined],
    ['bytes=-11', 200, '0123456789', undefined],
    ['bytes=-0', 200, '0123456789', undefined],
    ['bytes=4-2', 200, '0123456789', undefined],
    ['bytes=a-b', 200, '0123456789', undefined],
    ['bytes=-', 200, '0123456789', undefined],
    ['items=0-1', 200, '0123456789', undefined],
  ])('%s -> %i', async (Range, status, body, contentRange) => {
    const { content, res } = await client.get('ten', { headers: { Range } });
    expect([res.status, content.toString()]).toEqual([status, body]);
    expect(res.headers['content-range']).toBe(contentRange);
    expect(res.headers).toMatchObject({ 'x-oss-hash-crc64ecma': '2838902930144391966', etag: `"${eTag}"` });
  });

  test.each([
    ['bytes=0-10', 206, '0123456789'],
    ['bytes=8-99', 206, '89'],
    ['bytes=-11', 206, '0123456789'],
    ['bytes=4-2', 200, '0123456789'],
  ])('standard: %s -> %i', async (Range, status, body) => {
    const { content, res } = await client.get('ten', {
      headers: { Range, 'x-oss-range-behavior': 'standard' },
    });
    expect([res.status, content.toString()]).toEqual([status, body]);
  });

  test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('standard: %s -> 416', async (Range) => {
    const refused = client.get('ten', { headers: { Range, 'x-oss-range-behavior': 'standard' } });
    expect(await failure(refused)).toMatchObject({ status: 416, code: 'InvalidRange' });
  });

  test('ranges across the parts of a multipart object', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    await client.multipartUpload('parts', bytes, { partSize: 102_400 });
    for (const [start, end] of [
      [0, 299_999],
      [102_399, 102_400],
      [1, 204_801],
      [204_800, 204_800],
    ] as const) {
      const { content } = await client.get('parts', { headers: { Range: `bytes=${start}-${end}` } });
      expect(content.equals(bytes.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
    }
  });
});

describe('the conditions of a GetObject [documented]', () => {
  test.each([
    ['If-Match', `"${eTag}"`],
    ['If-Match', eTag],
    ['If-None-Match', '"OTHER"'],
    ['If-Modified-Since', earlier],
    ['If-Unmodified-Since', later],
    ['If-Modified-Since', 'no date'],
  ])('%s: %s lets it through', async (name, value) => {
    expect((await client.get('ten', { headers: { [name]: value } })).res.status).toBe(200);
  });

  test.each([
    ['If-Match', '"OTHER"'],
    ['If-Unmodified-Since', earlier],
  ])('%s: %s -> 412 naming it', async (name, value) => {
    const refused = await failure(client.get('ten', { headers: { [name]: value } }));
    expect(refused).toMatchObject({ status: 412, code: 'PreconditionFailed', ecCode: '0017-00001001' });
    expect(refused.message).toContain(`(condition: ${name})`);
  });

  test.each([
    ['If-None-Match', `"${eTag}"`],
    ['If-Modified-Since', later],
  ])('%s: %s -> 304 without a body', async (name, value) => {
    const { stream, res } = await client.getStream('ten', { headers: { [name]: value } });
    expect([res.status, (await buffer(stream)).length]).toEqual([304, 0]);
  });
});
