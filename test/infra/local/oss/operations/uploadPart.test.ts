import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const hello = Buffer.from('hello');

describe('UploadPart', () => {
  test('answers the MD5 of the part as its ETag, and its CRC-64 [documented]', async () => {
    const { uploadId } = await client.initMultipartUpload('a');
    const { res } = await client.uploadPart('a', uploadId, 1, hello, 0, 5);
    expect(res.headers).toMatchObject({
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'x-oss-hash-crc64ecma': '11177612005948864433',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
    });
  });

  test('the last body of a number counts, the one before leaves nothing [documented]', async () => {
    const { uploadId } = await client.initMultipartUpload('b');
    await client.uploadPart('b', uploadId, 1, Buffer.from('first'), 0, 5);
    const before = (await readdir(join(cloud.data, 'inbox', 'blobs'))).length;
    const { etag } = await client.uploadPart('b', uploadId, 1, Buffer.from('second'), 0, 6);
    expect((await readdir(join(cloud.data, 'inbox', 'blobs'))).length).toBe(before);
    await client.completeMultipartUpload('b', uploadId, [{ number: 1, etag }]);
    expect((await client.get('b')).content.toString()).toBe('second');
  });

  test('checks Content-MD5 [documented]', async () => {
    const { uploadId } = await client.initMultipartUpload('c');
    const headers = { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const refused = client.uploadPart('c', uploadId, 1, hello, 0, 5, { headers });
    expect(await failure(refused)).toMatchObject({ status: 400, code: 'InvalidDigest' });
    expect((await client.listParts('c', uploadId)).parts).toEqual([]);
  });

  test.each(['0', '10001', '-1', 'x', ''])('refuses the number %j [documented]', async (partNumber) => {
    const { uploadId } = await client.initMultipartUpload('d');
    const query = { partNumber, uploadId };
    const refused = await send(cloud, { method: 'PUT', key: 'd', query, body: hello });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('takes the number 10000 [documented]', async () => {
    const { uploadId } = await client.initMultipartUpload('e');
    expect((await client.uploadPart('e', uploadId, 10_000, hello, 0, 5)).res.status).toBe(200);
  });

  test("of an upload that is not there, or is of another key [observed in an official SDK's tests]", async () => {
    const refused = { status: 404, code: 'NoSuchUpload', ecCode: '0042-00000104' };
    const { uploadId } = await client.initMultipartUpload('f');
    expect(await failure(client.uploadPart('g', uploadId, 1, hello, 0, 5))).toMatchObject(refused);
    await client.abortMultipartUpload('f', uploadId);
    expect(await failure(client.uploadPart('f', uploadId, 1, hello, 0, 5))).toMatchObject(refused);
  });

  test('on its way while the upload is aborted leaves nothing [assumed]', async () => {
    const { uploadId } = await client.initMultipartUpload('h');
    const before = (await readdir(join(cloud.data, 'inbox', 'blobs'))).length;
    const part = client.uploadPart('h', uploadId, 1, Buffer.alloc(2_000_000), 0, 2_000_000).catch(() => {});
    await client.abortMultipartUpload('h', uploadId);
    await part;
    expect((await readdir(join(cloud.data, 'inbox', 'blobs'))).length).toBe(before);
    expect((await client.listUploads({ prefix: 'h' })).uploads).toEqual([]);
  });
});

test("a sequential upload takes its parts in their order [observed in an official SDK's tests]", async () => {
  const started = await send(cloud, { method: 'POST', key: 's', query: { uploads: '', sequential: '' } });
  const uploadId = elementOf(started.body, 'UploadId') ?? '';
  const part = (partNumber: string) =>
    send(cloud, { method: 'PUT', key: 's', query: { uploadId, partNumber }, body: hello });
  expect(await part('2')).toMatchObject({ status: 400, code: 'PartNotSequential' });
  for (const number of ['1', '2', '2']) expect((await part(number)).status).toBe(200);
});
