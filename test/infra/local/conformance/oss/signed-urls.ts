import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { at, clientOf, plain, requestUrl } from './scratch';

const { client } = plain;
const key = at('dir/signed ü.txt');
const disposition = `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`;
const url = await client.signatureUrlV4('GET', 600, {}, key);
const mismatch = { status: 403, code: 'SignatureDoesNotMatch' };
beforeAll(async () => {
  await client.put(key, Buffer.from('hello'));
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the client signs at another time. */
function signedAgo(ms: number, seconds: number): Promise<string> {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - ms });
  return client.signatureUrlV4('GET', seconds, {}, key).finally(() => vi.useRealTimers());
}

describe('a signed URL', () => {
  test('opens the object, or a range of it [documented]', async () => {
    expect(await requestUrl(url)).toMatchObject({ status: 200, body: 'hello' });
    expect(await requestUrl(url, { headers: { range: 'bytes=1-2' } })).toMatchObject({
      status: 206,
      body: 'el',
    });
  });

  test('may ask for headers of the answer [documented]', async () => {
    const queries = { 'response-content-disposition': disposition, 'response-cache-control': 'no-store' };
    const { status, headers } = await requestUrl(await client.signatureUrlV4('GET', 600, { queries }, key));
    expect([status, headers['content-disposition'], headers['cache-control']]).toEqual([
      ...[200, disposition, 'no-store'],
    ]);
  });

  test('puts an object [documented]', async () => {
    const put = await client.signatureUrlV4('PUT', 600, {}, at('put'));
    expect((await requestUrl(put, { method: 'PUT', body: Buffer.from('by url') })).status).toBe(200);
    expect((await client.get(at('put'))).content.toString()).toBe('by url');
  });

  test('expires [documented]', async () => {
    const { status, code, message, headers } = await requestUrl(await signedAgo(3_600_000, 60));
    expect([status, code, message]).toEqual([403, 'AccessDenied', 'Request has expired.']);
    expect(headers['x-oss-ec']).toBe('0002-00000069');
  });

  test('lives longer than the clock skew of a header [documented]', async () => {
    expect((await requestUrl(await signedAgo(3_600_000, 7200))).status).toBe(200);
  });

  test.each([0, 604_801])('cannot be for %i seconds [documented]', async (seconds) => {
    const { status, headers } = await requestUrl(await client.signatureUrlV4('GET', seconds, {}, key));
    expect([status, headers['x-oss-ec']]).toEqual([400, '0002-00000232']);
  });

  test.each(['HEAD', 'PUT', 'DELETE'])('is for one method, not %s [assumed]', async (method) => {
    expect((await requestUrl(url, { method })).status).toBe(403);
  });

  test('is for one key [documented]', async () => {
    expect(await requestUrl(url.replace('signed', 'other'))).toMatchObject(mismatch);
  });

  test('with another signature is refused [documented]', async () => {
    const tampered = new URL(url);
    tampered.searchParams.set('x-oss-signature', '0'.repeat(64));
    expect(await requestUrl(tampered.href)).toMatchObject(mismatch);
  });

  test('with a longer life written into it is refused [documented]', async () => {
    expect(await requestUrl(url.replace('x-oss-expires=600', 'x-oss-expires=6000'))).toMatchObject(mismatch);
  });

  test.each(['&foo=bar', '&versionId=null', '&response-content-type=text/html'])(
    "with %s added is refused [observed in an official SDK's tests]",
    async (more) => {
      expect(await requestUrl(url + more)).toMatchObject(mismatch);
    },
  );

  test('with a signed header beside it is refused [documented]', async () => {
    const authorization =
      'OSS4-HMAC-SHA256 Credential=a/20260101/cn-hangzhou/oss/aliyun_v4_request,Signature=0';
    const { status, headers } = await requestUrl(url, { headers: { authorization } });
    expect([status, headers['x-oss-ec']]).toEqual([400, '0002-00000039']);
  });

  test("of another region is refused [observed in an official SDK's tests]", async () => {
    const elsewhere = clientOf(plain.bucket, { region: 'xx-nowhere' });
    const { status, code, message } = await requestUrl(await elsewhere.signatureUrlV4('GET', 600, {}, key));
    expect([status, code, message]).toEqual([
      ...[400, 'InvalidArgument', 'The signing region in credential is invalid.'],
    ]);
  });

  test("demands the headers that were signed [observed in an official SDK's tests]", async () => {
    const headers = { 'x-oss-meta-a': '1', 'content-length': '5' };
    const put = await client.signatureUrlV4('PUT', 600, { headers }, at('bound'), ['content-length']);
    const send = (text: string) =>
      requestUrl(put, { method: 'PUT', headers: { 'x-oss-meta-a': '1' }, body: Buffer.from(text) });
    expect((await send('longer')).status).toBe(403);
    expect((await send('hello')).status).toBe(200);
  });
});
