import { afterAll, describe, expect, test } from 'vitest';
import { failure } from '../client';
import { startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;

describe('HeadObject [documented]', () => {
  test('tells what GetObject would', async () => {
    await client.put('a', Buffer.from('hello'), { meta: { a: 'b' } });
    const { res, meta } = await client.head('a');
    expect(meta).toEqual({ a: 'b' });
    expect(res.headers).toMatchObject({
      'content-length': '5',
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'x-oss-object-type': 'Normal',
    });
  });

  test('conditions', async () => {
    const eTag = '"5D41402ABC4B2A76B9719D911017C592"';
    expect((await client.head('a', { headers: { 'If-None-Match': eTag } })).status).toBe(304);
    expect(await failure(client.head('a', { headers: { 'If-Match': '"OTHER"' } }))).toMatchObject({
      status: 412,
    });
  });

  test('what is not there', async () => {
    expect(await failure(client.head('missing'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });
});
