import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, type RunningKms, refusal, runKms, signedQuery } from './running-kms';

let time = Date.now();
const role = `acs:ram::${accountId}:role/fc-encrypt`;
let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms({ now: () => time });
});
afterAll(() => kms.close());

const list = { Action: 'ListAliases' };
const code = async (call: ReturnType<RunningKms['call']>) => (await call).body.Code;

describe('who may call', () => {
  test('a wrong secret is an IncompleteSignature [documented]', async () => {
    const credentials = { ...kms.accessKeys.root, accessKeySecret: 'other' };
    expect(await kms.call(list, { credentials })).toMatchObject({
      status: 400,
      body: {
        HttpStatus: 400,
        Code: 'IncompleteSignature',
        Message: 'The request signature does not conform to Alibaba Cloud standards.',
        HostId: 'kms.cn-hangzhou.aliyuncs.com',
      },
    });
  });

  test('an unknown access key is a 404 [documented]', async () => {
    const credentials = { ...kms.accessKeys.root, accessKeyId: 'LTAInobody' };
    expect(await code(kms.call(list, { credentials }))).toBe('InvalidAccessKeyId.NotFound');
  });

  test('STS credentials need their own token [documented]', async () => {
    const [one, other] = [kms.accessKeys.assumeRole(role), kms.accessKeys.assumeRole(role)];
    const { securityToken, ...bare } = one;
    expect((await kms.call(list, { credentials: one })).status).toBe(200);
    expect(await code(kms.call(list, { credentials: bare }))).toBe('InvalidAccessKeyId.NotFound');
    const foreign = { ...one, securityToken: `${other.securityToken}` };
    expect(await code(kms.call(list, { credentials: foreign }))).toBe('InvalidAccessKeyId.NotFound');
    const rooted = { ...kms.accessKeys.root, securityToken: `${securityToken}` };
    expect(await code(kms.call(list, { credentials: rooted }))).toBe('InvalidAccessKeyId.NotFound');
  });

  test('expired STS credentials are an access key not found [documented]', async () => {
    const credentials = kms.accessKeys.assumeRole(role);
    const before = time;
    time = credentials.expiration ?? 0;
    const answer = await kms.call(list, { credentials });
    time = before;
    expect(answer).toMatchObject({ status: 404, body: { Code: 'InvalidAccessKeyId.NotFound' } });
  });

  test('the real client with STS credentials is let in [documented]', async () => {
    const client = kms.clientOf(kms.accessKeys.assumeRole(role));
    expect(
      (await client.createKey(new (await import('@alicloud/kms20160120')).CreateKeyRequest({}))).keyMetadata
        .keyId,
    ).toBeTruthy();
  });

  test('the real client with a wrong secret is refused [documented]', async () => {
    const { ListAliasesRequest } = await import('@alicloud/kms20160120');
    const client = kms.clientOf({ ...kms.accessKeys.root, accessKeySecret: 'other' });
    expect((await refusal(client.listAliases(new ListAliasesRequest({})))).code).toBe('IncompleteSignature');
  });
});

describe('the common parameters', () => {
  test.each([
    [-15 * 60_000 - 1000, 'IllegalTimestamp'],
    [15 * 60_000 + 1000, 'IllegalTimestamp'],
    [-14 * 60_000, undefined],
    [14 * 60_000, undefined],
  ])('skew=%ims answers %s [documented]', async (skew, expected) => {
    const Timestamp = `${new Date(time + skew).toISOString().slice(0, 19)}Z`;
    expect(await code(kms.call({ ...list, Timestamp }))).toBe(expected);
  });

  test('a nonce serves once [assumed]', async () => {
    const nonce = { ...list, SignatureNonce: 'once' };
    expect((await kms.call(nonce)).status).toBe(200);
    expect(await code(kms.call(nonce))).toBe('IncompleteSignature');
  });

  test('a nonce that came with a bad signature is not used up [assumed]', async () => {
    const nonce = { ...list, SignatureNonce: 'twice' };
    const credentials = { ...kms.accessKeys.root, accessKeySecret: 'other' };
    expect((await kms.call(nonce, { credentials })).status).toBe(400);
    expect((await kms.call(nonce)).status).toBe(200);
  });

  test.each([
    ['Version', '2014-05-26', 'InvalidParameter'],
    ['Format', 'YAML', 'InvalidParameter'],
    ['SignatureMethod', 'HMAC-SHA256', 'InvalidParameter'],
    ['Timestamp', 'yesterday', 'IllegalTimestamp'],
    ['Action', '', 'MissingParameter'],
  ])('%s=%s answers %s [assumed]', async (name, value, expected) => {
    expect(await code(kms.call({ ...list, [name]: value }))).toBe(expected);
  });

  test('a parameter added or changed after signing is refused [documented]', async () => {
    const signing = { method: 'GET', credentials: kms.accessKeys.root, now: () => time };
    const answers = [
      `${signedQuery(list, signing)}&PageSize=5`,
      signedQuery(list, signing).replace('JSON', 'json'),
    ];
    for (const query of answers) {
      const response = await fetch(`${kms.endpoint}/?${query}`);
      expect(await response.json()).toMatchObject({ Code: 'IncompleteSignature' });
    }
  });

  test('GET and a form body are signed and read alike [documented]', async () => {
    expect((await kms.call(list, { method: 'GET' })).status).toBe(200);
    expect((await kms.call(list, { form: true })).status).toBe(200);
  });

  test('a body that is no form, or too long a form, is answered as such [documented]', async () => {
    const type = 'application/x-www-form-urlencoded';
    for (const [contentType, body] of [
      ['application/json', '{}'],
      [type, 'x'.repeat(1_000_000)],
    ] as const) {
      const headers = { 'content-type': contentType };
      const response = await fetch(kms.endpoint, { method: 'POST', headers, body });
      expect(await response.json()).toMatchObject({ Code: 'ParseRequestParameterException' });
    }
  });

  test('PUT is not a method of KMS [documented]', async () => {
    expect(await kms.call(list, { method: 'PUT' })).toMatchObject({
      status: 403,
      body: { Code: 'UnsupportedHTTPMethod' },
    });
  });
});
