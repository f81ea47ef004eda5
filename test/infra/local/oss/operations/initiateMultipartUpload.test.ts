import { afterAll, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

test('InitiateMultipartUpload answers an upload id of 32 hex digits [documented]', async () => {
  expect((await client.initMultipartUpload('a')).uploadId).toMatch(/^[0-9A-F]{32}$/);
});

test('InitiateMultipartUpload makes no object [documented]', async () => {
  expect(await failure(client.head('a'))).toMatchObject({ status: 404 });
});

test('InitiateMultipartUpload keeps what the object will be [documented]', async () => {
  const headers = { 'Content-Type': 'image/png', 'x-oss-tagging': 'a=1', 'x-oss-meta-b': '2' };
  const { uploadId } = await client.initMultipartUpload('facts', { headers });
  const { etag } = await client.uploadPart('facts', uploadId, 1, Buffer.from('x'), 0, 1);
  await client.completeMultipartUpload('facts', uploadId, [{ number: 1, etag }]);
  const { res, meta } = await client.head('facts');
  expect(res.headers).toMatchObject({ 'content-type': 'image/png', 'x-oss-tagging-count': '1' });
  expect(meta).toEqual({ b: '2' });
});

test('InitiateMultipartUpload writes the key encoded when asked to [documented]', async () => {
  const query = { uploads: '', 'encoding-type': 'url' };
  const { body } = await send(cloud, { method: 'POST', key: 'a/b c', query });
  expect([elementOf(body, 'EncodingType'), elementOf(body, 'Key')]).toEqual(['url', 'a%2Fb%20c']);
});

test('InitiateMultipartUpload can forbid to overwrite [documented]', async () => {
  await client.put('there', Buffer.from('x'));
  const refused = client.initMultipartUpload('there', { headers: { 'x-oss-forbid-overwrite': 'true' } });
  expect(await failure(refused)).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
});
