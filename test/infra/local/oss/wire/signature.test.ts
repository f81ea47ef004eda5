import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Credentials } from '../../../../../infra/local/ram/credentials';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { answerTo, beginRequest, type RawRequest, send, signedHeaders } from '../raw';

const cloud = await startCloud();
const { endpoint } = cloud.oss;
await cloud.client.put('a', Buffer.from('hello'));
afterAll(cloud.close);
afterEach(() => {
  cloud.clock.ahead = 0;
});

const get: RawRequest = { method: 'GET', key: 'a' };
const minute = 60_000;

function clientOf(credentials: Credentials, more: object = {}) {
  return createClient({ endpoint, bucket: 'inbox', credentials, ...more });
}

function sendWith(headers: Record<string, string>, request = get) {
  return answerTo(beginRequest(cloud, request, headers));
}

describe('who is let in', () => {
  test('a signature of V4 [documented]', async () => {
    expect((await send(cloud, get)).status).toBe(200);
  });

  test("the bucket is looked for first, then the access key [observed in an official SDK's tests]", async () => {
    const stranger = { ...root, accessKeyId: 'LTAIstranger' };
    const noBucket = clientOf(stranger, { bucket: 'no-such-bucket' });
    expect(await failure(noBucket.get('a'))).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
      ecCode: '0015-00000101',
    });
    expect(await failure(clientOf(stranger).get('a'))).toMatchObject({
      status: 403,
      code: 'InvalidAccessKeyId',
      ecCode: '0002-00000902',
    });
  });

  test("another secret is refused, the signature is not told [observed in an official SDK's tests]", async () => {
    const thief = clientOf({ ...root, accessKeySecret: 'guessed' });
    expect(await failure(thief.get('a'))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
      ecCode: '0002-00000040',
    });
  });

  test('no signature is refused [documented]', async () => {
    expect(await sendWith({})).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('a signature of V1 is refused, in header and URL [documented]', async () => {
    const old = clientOf(root, { authorizationV4: false });
    const refused = { status: 403, code: 'AccessDenied', ecCode: '0002-00000080' };
    expect(await failure(old.get('a'))).toMatchObject(refused);
    const query = { OSSAccessKeyId: root.accessKeyId, Expires: '9999999999', Signature: 'c2lnbmF0dXJl' };
    const inUrl = await answerTo(beginRequest(cloud, { ...get, query }, {}));
    expect([inUrl.status, inUrl.headers['x-oss-ec']]).toEqual([403, '0002-00000080']);
  });

  test("another region in the scope is refused [observed in an official SDK's tests]", async () => {
    const elsewhere = clientOf(root, { region: 'oss-cn-shanghai' });
    expect(await failure(elsewhere.get('a'))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      ecCode: '0002-00000226',
      message: 'Invalid signing region in Authorization header.',
    });
  });

  test.each([-16 * minute, 16 * minute])('clock skew of %i ms is too much [documented]', async (ahead) => {
    cloud.clock.ahead = ahead;
    expect(await failure(cloud.client.get('a'))).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  test.each([-14 * minute, 14 * minute])('clock skew of %i ms is borne [documented]', async (ahead) => {
    cloud.clock.ahead = ahead;
    expect((await cloud.client.get('a')).res.status).toBe(200);
  });

  test('a payload hash is not verified, so it is refused [assumed]', async () => {
    const headers = { 'x-oss-content-sha256': '0'.repeat(64) };
    expect(await send(cloud, { ...get, headers })).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});

describe('what a signature covers [documented]', () => {
  const request: RawRequest = {
    method: 'GET',
    key: 'a',
    additionalHeaders: ['host', 'range'],
    headers: { 'content-type': 'text/plain', 'x-oss-meta-a': '1', range: 'bytes=0-1' },
  };
  const host = `127.0.0.1:${cloud.oss.port}`;
  const signed = signedHeaders(cloud.client, { ...request, headers: { ...request.headers, host } });

  test('as signed', async () => {
    expect((await sendWith(signed)).status).toBe(206);
  });

  test.each([
    ['x-oss-meta-a', '2'],
    ['content-type', 'text/html'],
    ['content-md5', 'added'],
    ['x-oss-added', '1'],
    ['range', 'bytes=0-2'],
    ['x-oss-date', signed['x-oss-date'].replace(/..Z$/, (end) => (end === '00Z' ? '01Z' : '00Z'))],
  ])('header %s changed', async (name, value) => {
    expect(await sendWith({ ...signed, [name]: value })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  test('another method, key or parameter', async () => {
    for (const changed of [{ method: 'HEAD' }, { key: 'b' }, { query: { versionId: 'null' } }]) {
      expect((await sendWith(signed, { ...request, ...changed })).status).toBe(403);
    }
  });

  test('a header listed as signed must be there', async () => {
    const rest = Object.fromEntries(Object.entries(signed).filter(([name]) => name !== 'range'));
    expect(await sendWith(rest)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  test('any character of the signature', async () => {
    const forged = signed.authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await sendWith({ ...signed, authorization: forged })).toMatchObject({ status: 403 });
    expect(await sendWith({ ...signed, authorization: forged.slice(0, -1) })).toMatchObject({ status: 403 });
  });

  test('spaces behind the commas of the header are nothing', async () => {
    const spaced = signed.authorization.replaceAll(',', ', ');
    expect((await sendWith({ ...signed, authorization: spaced })).status).toBe(206);
  });

  test.each(['Bearer x', 'OSS4-HMAC-SHA256', 'OSS4-HMAC-SHA256 Credential=a/b,Signature=c'])(
    'the header %j is malformed',
    async (authorization) => {
      expect(await sendWith({ ...signed, authorization })).toMatchObject({ status: 400 });
    },
  );
});

describe('temporary credentials', () => {
  const temporary: Credentials = {
    accessKeyId: 'STS.one',
    accessKeySecret: 'secret-one',
    securityToken: 'CAIS+token/one==',
    expiration: Date.now() + 10 * minute,
    arn: 'acs:sts::1:assumed-role/encrypt/session',
  };
  cloud.temporary.set(temporary.accessKeyId, temporary);

  test('are let in with their token [documented]', async () => {
    expect((await clientOf(temporary).get('a')).res.status).toBe(200);
  });

  test('are unknown without it [documented]', async () => {
    const { securityToken, ...withoutToken } = temporary;
    expect(securityToken).toBeDefined();
    expect(await failure(clientOf(withoutToken).get('a'))).toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  test('are refused with the token of others [documented]', async () => {
    const mixed = { ...temporary, securityToken: 'CAISother' };
    expect(await failure(clientOf(mixed).get('a'))).toMatchObject({
      status: 403,
      code: 'InvalidSecurityToken',
    });
    const rootWithToken = { ...root, securityToken: 'CAISother' };
    expect(await failure(clientOf(rootWithToken).get('a'))).toMatchObject({ code: 'InvalidSecurityToken' });
  });

  test('end with their token [documented]', async () => {
    cloud.clock.ahead = 11 * minute;
    expect(await failure(clientOf(temporary).get('a'))).toMatchObject({
      status: 403,
      code: 'SecurityTokenExpired',
    });
  });
});

describe('a parameter without a value', () => {
  test.each([[{ marker: '', prefix: '' }], [{ versions: '', 'key-marker': '' }]])(
    '%j may be signed as name or as name= [assumed]',
    async (query) => {
      await expect(cloud.client.list(query)).resolves.toBeDefined();
      expect((await send(cloud, { method: 'GET', key: '', query })).status).toBe(200);
    },
  );

  test('with one that another was signed with is refused [assumed]', async () => {
    const request = { method: 'GET', key: '', query: { marker: '' } };
    const headers = signedHeaders(cloud.client, request);
    const other = { ...request, query: { marker: 'a' } };
    expect(await sendWith(headers, other)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });
});
