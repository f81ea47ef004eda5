import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createClient } from './client';
import { root, startCloud } from './cloud';
import { elementOf } from './raw';

const cloud = await startCloud();
await cloud.client.put('dir/a b+c.txt', Buffer.from('hello'));
afterAll(cloud.close);
afterEach(() => {
  cloud.clock.ahead = 0;
});

const disposition = `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`;
const queries = { 'response-content-disposition': disposition, 'response-cache-control': 'no-store' };
const url = await cloud.client.signatureUrlV4('GET', 60, { queries }, 'dir/a b+c.txt');

async function open(address: string | URL, init: RequestInit = {}) {
  const response = await fetch(address, init);
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, code: elementOf(body, 'Code') };
}

describe('a signed URL', () => {
  test('opens the object with the headers it asks for [documented]', async () => {
    const { status, headers, body } = await open(url);
    expect([status, body]).toEqual([200, 'hello']);
    expect(headers.get('content-disposition')).toBe(disposition);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('serves ranges, which are not signed [documented]', async () => {
    expect(await open(url, { headers: { range: 'bytes=1-2' } })).toMatchObject({ status: 206, body: 'el' });
  });

  test('ends [documented]', async () => {
    cloud.clock.ahead = 62_000;
    const expired = await open(url);
    expect(expired).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(elementOf(expired.body, 'Message')).toBe('Request has expired.');
    expect(expired.headers.get('x-oss-ec')).toBe('0002-00000069');
  });

  test('lives longer than the clock skew of a header [documented]', async () => {
    const long = await cloud.client.signatureUrlV4('GET', 3600, {}, 'dir/a b+c.txt');
    cloud.clock.ahead = 3_500_000;
    expect((await open(long)).status).toBe(200);
  });

  test.each([0, -1, 604_801])('cannot be for %i seconds [documented]', async (seconds) => {
    const refused = await open(await cloud.client.signatureUrlV4('GET', seconds, {}, 'dir/a b+c.txt'));
    expect([refused.status, refused.headers.get('x-oss-ec')]).toEqual([400, '0002-00000232']);
  });

  test.each(['HEAD', 'PUT', 'DELETE', 'POST'])('is for one method, not %s [assumed]', async (method) => {
    expect((await open(url, { method })).status).not.toBe(200);
    expect((await open(url)).status).toBe(200);
  });

  test('is for one key [documented]', async () => {
    await cloud.client.put('dir/other', Buffer.from('secret'));
    const refused = await open(url.replace(/dir\/[^?]*/, 'dir/other'));
    expect(refused).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  test("takes no further parameter [observed in an official SDK's tests]", async () => {
    for (const more of ['&foo=bar', '&versionId=null', '&x-oss-foo=1', '&x']) {
      expect(await open(url + more)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    }
  });

  test('takes no x-oss header that was not signed [documented]', async () => {
    expect((await open(url, { headers: { 'x-oss-range-behavior': 'standard' } })).status).toBe(403);
  });

  test('lets nothing through with any parameter changed by one character [documented]', async () => {
    for (const [name, value] of new URL(url).searchParams) {
      const changed = new URL(url);
      changed.searchParams.set(name, value.slice(0, -1) + (value.endsWith('1') ? '2' : '1'));
      const { status, body } = await open(changed);
      expect([status, body.includes('hello')], name).not.toContain(true);
      expect(status, name).toBeGreaterThanOrEqual(400);
    }
  });

  test('lets nothing through with any parameter left out [documented]', async () => {
    for (const name of new URL(url).searchParams.keys()) {
      const changed = new URL(url);
      changed.searchParams.delete(name);
      expect((await open(changed)).status, name).toBeGreaterThanOrEqual(400);
    }
  });

  test("of another region is refused [observed in an official SDK's tests]", async () => {
    const elsewhere = createClient({
      endpoint: cloud.oss.endpoint,
      bucket: 'inbox',
      credentials: root,
      region: 'oss-cn-shanghai',
    });
    const { status, body } = await open(await elsewhere.signatureUrlV4('GET', 60, {}, 'a'));
    expect([status, elementOf(body, 'Message')]).toEqual([
      400,
      'The signing region in credential is invalid.',
    ]);
  });

  test('together with a signed header is refused [documented]', async () => {
    const both = await open(url, { headers: { authorization: 'OSS4-HMAC-SHA256 x' } });
    expect([both.status, both.headers.get('x-oss-ec')]).toEqual([400, '0002-00000039']);
  });

  test('of temporary credentials carries their token, and ends with them [documented]', async () => {
    const temporary = {
      accessKeyId: 'STS.two',
      accessKeySecret: 'secret-two',
      securityToken: 'CAIS+/two==',
      expiration: Date.now() + 600_000,
      arn: 'acs:sts::1:assumed-role/decrypt/session',
    };
    cloud.temporary.set('STS.two', temporary);
    const client = createClient({ endpoint: cloud.oss.endpoint, bucket: 'inbox', credentials: temporary });
    const signed = await client.signatureUrlV4('GET', 3600, {}, 'dir/a b+c.txt');
    expect((await open(signed)).status).toBe(200);
    cloud.clock.ahead = 601_000;
    expect(await open(signed)).toMatchObject({ status: 403, code: 'SecurityTokenExpired' });
  });

  test("of a PUT puts, with the signed headers only [observed in an official SDK's tests]", async () => {
    const headers = { 'content-length': '5', 'content-type': 'text/plain' };
    const put = await cloud.client.signatureUrlV4('PUT', 60, { headers }, 'put', ['content-length']);
    const type = { 'content-type': 'text/plain' };
    expect(await open(put, { method: 'PUT', body: 'longer', headers: type })).toMatchObject({ status: 403 });
    expect(
      await open(put, { method: 'PUT', body: 'hello', headers: { 'content-type': 'text/html' } }),
    ).toMatchObject({ status: 403 });
    expect(await open(put, { method: 'PUT', body: 'hello', headers: type })).toMatchObject({ status: 200 });
    expect((await cloud.client.get('put')).content.toString()).toBe('hello');
  });
});
