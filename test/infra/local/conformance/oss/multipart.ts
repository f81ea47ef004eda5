import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { failure } from '../../oss/client';
import { begin } from './begin-upload';
import { at, plain } from './scratch';

const { client, send, bucket } = plain;
const smallest = Buffer.alloc(102_400, 'part');
const last = Buffer.from('the end');

describe('a multipart upload', () => {
  test('is the object of its parts once it is complete, not before [documented]', async () => {
    const { key, upload, complete } = await begin('multipart');
    const parts = [await upload(1, smallest), await upload(2, last)];
    expect(await failure(client.head(key))).toMatchObject({ status: 404 });
    const { res } = await complete(parts);
    const whole = Buffer.concat([smallest, last]);
    const put = await client.put(at('in-one'), whole);
    expect(res.headers['x-oss-hash-crc64ecma']).toBe(put.res.headers['x-oss-hash-crc64ecma']);
    expect((await client.head(key)).res.headers['x-oss-object-type']).toBe('Multipart');
    expect((await client.get(key)).content.equals(whole)).toBe(true);
  });

  test('the ETag of a part is its MD5, that of the object is not [documented]', async () => {
    const { upload, complete } = await begin('etag');
    const part = await upload(1, last);
    expect(part.etag).toBe(`"${createHash('md5').update(last).digest('hex').toUpperCase()}"`);
    const { etag } = await complete([part]);
    expect(etag).toMatch(/^"[0-9A-F-]+"$/);
    expect(etag).not.toBe(part.etag);
  });

  test('part numbers may have gaps, parts may come in any order [documented]', async () => {
    const { key, upload, complete } = await begin('gaps');
    const end = await upload(10_000, last);
    await complete([await upload(3, smallest), end]);
    expect((await client.head(key)).res.headers['content-length']).toBe('102407');
  });

  test('a part uploaded twice is the later one [documented]', async () => {
    const { key, upload, complete } = await begin('part-twice');
    await upload(1, Buffer.from('old'));
    await complete([await upload(1, Buffer.from('new'))]);
    expect((await client.get(key)).content.toString()).toBe('new');
  });

  test('a part copied from an object is its range [documented]', async () => {
    await client.put(at('whole'), Buffer.concat([smallest, last]));
    const { key, uploadId, complete } = await begin('part-copy');
    const source = { sourceKey: at('whole'), sourceBucketName: bucket };
    const { etag } = await client.uploadPartCopy(key, uploadId, 1, '102400-102406', source);
    await complete([{ number: 1, etag }]);
    expect((await client.get(key)).content.toString()).toBe('the end');
  });

  test("x-oss-complete-all takes the parts as they are [observed in an official SDK's tests]", async () => {
    const { key, uploadId, upload } = await begin('complete-all');
    await upload(2, last);
    await upload(1, smallest);
    const completeAll = {
      method: 'POST',
      key,
      query: { uploadId },
      headers: { 'x-oss-complete-all': 'yes' },
    };
    const both = await send({ ...completeAll, body: Buffer.from('<CompleteMultipartUpload/>') });
    expect([both.status, both.code, both.headers['x-oss-ec']]).toEqual([
      ...[400, 'InvalidArgument', '0042-00000216'],
    ]);
    expect((await send(completeAll)).status).toBe(200);
    expect((await client.head(key)).res.headers['content-length']).toBe('102407');
  });
});

describe('CompleteMultipartUpload refuses', () => {
  // Not by the client, which puts them in order.
  test('parts out of order [documented]', async () => {
    const { key, uploadId, upload } = await begin('order');
    const parts = [await upload(2, last), await upload(1, smallest)];
    const listed = parts.map(
      ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`);
    const refused = await send({ method: 'POST', key, query: { uploadId }, body });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidPartOrder' });
  });

  test('a part that was not uploaded, or was another one [documented]', async () => {
    const { upload, complete } = await begin('missing-part');
    const { etag } = await upload(1, last);
    const invalid = { status: 400, code: 'InvalidPart' };
    expect(await failure(complete([{ number: 2, etag }]))).toMatchObject(invalid);
    expect(
      await failure(complete([{ number: 1, etag: '"0123456789ABCDEF0123456789ABCDEF"' }])),
    ).toMatchObject(invalid);
  });

  test('a part below 100 KB that is not the last [documented]', async () => {
    const { upload, complete } = await begin('small-part');
    const parts = [await upload(1, smallest.subarray(1)), await upload(2, last)];
    expect(await failure(complete(parts))).toMatchObject({ status: 400, code: 'EntityTooSmall' });
  });

  test("what is not XML [observed in an official SDK's tests]", async () => {
    const { key, uploadId } = await begin('malformed');
    const query = { uploadId };
    const { code, headers } = await send({ method: 'POST', key, query, body: Buffer.from('<Complete') });
    expect([code, headers['x-oss-ec']]).toEqual(['MalformedXML', '0042-00000205']);
  });
});
