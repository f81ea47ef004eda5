import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { startCloud } from '../cloud';
import { beginRequest, type RawRequest, signedHeaders } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const text = Buffer.from('a'.repeat(1024));
const gzip = { 'accept-encoding': 'gzip, deflate' };
await cloud.client.put('text', text, { mime: 'text/plain; charset=utf-8' });
await cloud.client.put('short', text.subarray(1), { mime: 'text/plain' });
await cloud.client.put('binary', text, { mime: 'application/octet-stream' });
await cloud.client.put('encoded', text, { mime: 'text/plain', headers: { 'Content-Encoding': 'br' } });

async function bytesOf(request: Partial<RawRequest>) {
  const whole = { method: 'GET', key: 'text', ...request };
  const sent = beginRequest(cloud, whole, signedHeaders(cloud.client, whole)).end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  return { headers: response.headers, status: response.statusCode, bytes: await buffer(response) };
}

describe('a client that takes gzip', () => {
  test('gets a text of 1 KB compressed, without ETag and length [documented]', async () => {
    const { headers, bytes } = await bytesOf({ headers: gzip });
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
      'transfer-encoding': 'chunked',
    });
    expect(['etag', 'content-length', 'accept-ranges'].filter((name) => name in headers)).toEqual([]);
    expect(headers['x-oss-hash-crc64ecma']).toBeDefined();
    expect(gunzipSync(bytes).equals(text)).toBe(true);
  });

  test('is told so by HEAD [documented]', async () => {
    const { headers } = await bytesOf({ method: 'HEAD', headers: gzip });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(headers.etag).toBeUndefined();
  });

  test.each<[string, Record<string, string>, string]>([
    ['short', gzip, '[documented]'],
    ['binary', gzip, '[documented]'],
    ['encoded', gzip, '[assumed]'],
    ['text', { ...gzip, range: 'bytes=0-9' }, '[assumed]'],
    ['text', { 'accept-encoding': 'gzip;q=0' }, '[assumed]'],
    ['text', {}, '[documented]'],
  ])('gets %s with %j as it is %s', async (key, headers) => {
    const answer = await bytesOf({ key, headers });
    expect(answer.headers['content-encoding']).not.toBe('gzip');
    expect(answer.headers['content-length']).toBe(String(answer.bytes.length));
    expect(answer.headers.etag).toBeDefined();
  });
});
