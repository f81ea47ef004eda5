import { afterAll, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const source = { sourceKey: 'from', sourceBucketName: 'inbox' };
await client.put('from', bytes);

describe('UploadPartCopy', () => {
  test("makes parts of ranges [observed in an official SDK's tests]", async () => {
    const { uploadId } = await client.initMultipartUpload('to');
    const parts = [];
    for (const [at, range] of ['0-149999', '150000-299999'].entries()) {
      const { etag } = await client.uploadPartCopy('to', uploadId, at + 1, range, source);
      parts.push({ number: at + 1, etag });
    }
    await client.completeMultipartUpload('to', uploadId, parts);
    expect((await client.get('to')).content.equals(bytes)).toBe(true);
    const [from, to] = [await client.head('from'), await client.head('to')];
    expect(to.res.headers['x-oss-hash-crc64ecma']).toBe(from.res.headers['x-oss-hash-crc64ecma']);
  });

  test("tells the ETag in header and body [observed in an official SDK's tests]", async () => {
    const { uploadId } = await client.initMultipartUpload('both');
    const headers = { 'x-oss-copy-source': '/inbox/from' };
    const query = { partNumber: '1', uploadId };
    const answer = await send(cloud, { method: 'PUT', key: 'both', query, headers });
    expect(answer.body).toContain('<CopyPartResult><LastModified>');
    expect(elementOf(answer.body, 'ETag')).toBe(String(answer.headers.etag).replaceAll('"', '&quot;'));
    await client.abortMultipartUpload('both', uploadId);
  });

  test.each(['0-300000', '300000-', '5-2', 'a-b'])(
    'the range %s does not fit: the whole object [assumed]',
    async (range) => {
      const { uploadId } = await client.initMultipartUpload('whole');
      const { etag } = await client.uploadPartCopy('whole', uploadId, 1, range, source);
      expect(etag).toBe((await client.head('from')).res.headers.etag);
      await client.abortMultipartUpload('whole', uploadId);
    },
  );

  test("refuses an upload that is none [observed in an official SDK's tests]", async () => {
    const refused = client.uploadPartCopy('to', 'F'.repeat(32), 1, '0-9', source);
    expect(await failure(refused)).toMatchObject({
      status: 404,
      code: 'NoSuchUpload',
      ecCode: '0042-00000311',
    });
  });

  test.each([
    [{ 'x-oss-copy-source-if-match': 'OTHER' }, 412],
    [{ 'x-oss-copy-source-if-modified-since': new Date(Date.now() + 3_600_000).toUTCString() }, 304],
    [{ 'x-oss-copy-source': '/inbox/missing' }, 404],
    [{ 'x-oss-server-side-encryption': 'AES256' }, 400],
  ])('%j -> %i, and there is no part [documented]', async (more, status) => {
    const { uploadId } = await client.initMultipartUpload('refused');
    const query = { partNumber: '1', uploadId };
    const headers = { 'x-oss-copy-source': '/inbox/from', ...more };
    const answer = await send(cloud, { method: 'PUT', key: 'refused', query, headers: { ...headers } });
    expect(answer.status).toBe(status);
    expect((await client.listParts('refused', uploadId)).parts).toEqual([]);
    await client.abortMultipartUpload('refused', uploadId);
  });
});
