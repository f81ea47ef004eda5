import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerOf } from '../../../../cli/cloud/caller';
import type { Cloud } from '../../../../infra/local/cloud';
import { acs3Signature } from '../../../../infra/local/gateway/acs3-signature';
import type { Credentials } from '../../../../infra/local/ram/credentials';
import { seed } from '../../../../infra/local/seed';
import { signedQuery } from '../kms/running-kms';
import { runCloud } from '../running-cloud';

const key = (name: string) => ({ accessKeyId: name, accessKeySecret: `secret of ${name}` });
const token = { securityToken: 'a token' };

let cloud: Cloud;
beforeAll(async () => {
  const accessKeys = [
    { ...key('of-a-user'), user: 'alice' },
    { ...key('STS.of-a-role'), ...token, role: 'reader' },
    { ...key('STS.over'), ...token, role: 'reader', expiration: '2020-01-01T00:00:00Z' },
  ];
  cloud = await runCloud({ seed: seed({ accessKeys }, '') });
});
afterAll(() => cloud.close());

const askAs = (credentials: Parameters<typeof callerOf>[0]['credentials']) =>
  callerOf({ region: 'cn-hangzhou', credentials }, cloud.sts.endpoint);

async function call(own: Record<string, string>, credentials: Omit<Credentials, 'arn'> = cloud.root) {
  const signing = { method: 'GET', credentials: { ...credentials, arn: '' }, now: Date.now };
  const query = signedQuery({ Action: 'GetCallerIdentity', Version: '2015-04-01', ...own }, signing);
  return answerOf(await fetch(`${cloud.sts.endpoint}/?${query}`));
}

async function answerOf(response: Response) {
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('GetCallerIdentity', () => {
  test('the account itself [documented]', async () => {
    expect(await askAs(cloud.root)).toEqual({
      ...{ accountId: '1234567890123456', arn: 'acs:ram::1234567890123456:root', kind: 'Account' },
    });
    const { body } = await call({});
    expect(body).toMatchObject({
      UserId: cloud.accountId,
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
    expect(body).not.toHaveProperty('RoleId');
  });

  test('a RAM user [documented]', async () => {
    const arn = 'acs:ram::1234567890123456:user/alice';
    expect(await askAs(key('of-a-user'))).toMatchObject({ kind: 'RAMUser', arn });
    const { body } = await call({}, key('of-a-user'));
    expect(body.UserId).toMatch(/^\d{18}$/);
  });

  test('an assumed role, which has no user id [documented]', async () => {
    const arn = 'acs:sts::1234567890123456:assumed-role/reader/seed';
    const credentials = { ...key('STS.of-a-role'), ...token };
    expect(await askAs(credentials)).toMatchObject({ kind: 'AssumedRoleUser', arn });
    const { body } = await call({}, credentials);
    expect(body.PrincipalId).toBe(`${body.RoleId}:seed`);
    expect(body).not.toHaveProperty('UserId');
  });

  test('XML unless JSON is asked for, under the name of the operation [documented]', async () => {
    const signing = { method: 'POST', credentials: cloud.root, now: Date.now };
    const own = { Action: 'GetCallerIdentity', Version: '2015-04-01', Format: 'XML' };
    const query = signedQuery(own, signing);
    const text = await (await fetch(`${cloud.sts.endpoint}/?${query}`, { method: 'POST' })).text();
    expect(text).toContain('<GetCallerIdentityResponse><IdentityType>Account</IdentityType>');
  });

  test('signed as the newer SDKs sign (ACS3) [documented]', async () => {
    const { root, sts } = cloud;
    const payloadHash = createHash('sha256').update('').digest('hex');
    const headers: Record<string, string> = {
      host: new URL(sts.endpoint).host,
      'x-acs-action': 'GetCallerIdentity',
      'x-acs-content-sha256': payloadHash,
      'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      'x-acs-signature-nonce': randomUUID(),
      'x-acs-version': '2015-04-01',
    };
    const signedHeaders = Object.keys(headers);
    const signing = { signedHeaders, accessKeySecret: root.accessKeySecret, payloadHash };
    const signature = acs3Signature({ method: 'POST', path: '/', query: '', headers }, signing);
    const names = `Credential=${root.accessKeyId},SignedHeaders=${signedHeaders.join(';')}`;
    const authorization = `ACS3-HMAC-SHA256 ${names},Signature=${signature}`;
    const answer = await fetch(sts.endpoint, { method: 'POST', headers: { ...headers, authorization } });
    expect(await answerOf(answer)).toMatchObject({ status: 200, body: { IdentityType: 'Account' } });
  });
});

describe('GetCallerIdentity refuses', () => {
  test('whom it does not know [documented]', async () => {
    const unknown = await call({}, key('nobody'));
    expect(unknown).toMatchObject({ status: 404, body: { Code: 'InvalidAccessKeyId.NotFound' } });
    expect(await call({}, key('STS.of-a-role'))).toMatchObject({ body: { Code: 'MissingSecurityToken' } });
    await expect(askAs(key('nobody'))).rejects.toMatchObject({
      code: 'sts-refused',
      detail: 'InvalidAccessKeyId.NotFound',
    });
  });

  test.each([
    ['a wrong signature', { Signature: 'x' }, 'SignatureDoesNotMatch'],
    ['an old timestamp', { Timestamp: '2020-01-01T00:00:00Z' }, 'InvalidTimeStamp.Expired'],
    ['another version', { Version: '2014-01-01' }, 'InvalidVersion'],
    ['an action that there is not', { Action: 'GetCaller' }, 'InvalidAction.NotFound'],
    ['AssumeRole, by name', { Action: 'AssumeRole' }, 'UnsupportedOperation'],
  ])('%s [assumed]', async (_, own, Code) => {
    const signing = { method: 'GET', credentials: cloud.root, now: Date.now };
    const query = new URLSearchParams(
      signedQuery({ Action: 'GetCallerIdentity', Version: '2015-04-01', ...own }, signing),
    );
    if ('Signature' in own) query.set('Signature', own.Signature);
    const { body } = await answerOf(await fetch(`${cloud.sts.endpoint}/?${query}`));
    expect(body).toMatchObject({ Code, HostId: 'sts.cn-hangzhou.aliyuncs.com' });
  });

  test('a token that is another one, or over [assumed]', async () => {
    const other = { ...key('STS.of-a-role'), securityToken: 'another' };
    await expect(askAs(other)).rejects.toMatchObject({
      detail: 'InvalidSecurityToken.MismatchWithAccessKey',
    });
    await expect(askAs({ ...key('STS.over'), ...token })).rejects.toMatchObject({
      detail: 'InvalidSecurityToken.Expired',
    });
  });

  test('a nonce that was used [assumed]', async () => {
    const own = { SignatureNonce: 'once' };
    expect((await call(own)).status).toBe(200);
    expect(await call(own)).toMatchObject({ body: { Code: 'SignatureNonceUsed' } });
  });
});

test('faults and the journal know it [assumed]', async () => {
  cloud.faults.add({ match: { service: 'sts' }, do: { throttle: true } });
  expect(await call({})).toMatchObject({ status: 400, body: { Code: 'Throttling' } });
  const entry = cloud.journal.entries().at(-1);
  expect(entry).toMatchObject({ service: 'sts', operation: 'GetCallerIdentity', code: 'Throttling' });
});
