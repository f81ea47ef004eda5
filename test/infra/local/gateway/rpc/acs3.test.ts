import { createHash, randomUUID } from 'node:crypto';
import OpenApiUtil from '@alicloud/openapi-util';
import { Request } from '@alicloud/tea-typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, type RunningKms, runKms } from '../../kms/running-kms';

let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms();
});
afterAll(() => kms.close());

type Change = { secret?: string; body?: string; sent?: Record<string, string> };

/** CreateAlias as the newer SDKs send it: signed by the official signer, parameters in a form. */
async function call(credentials = kms.accessKeys.root, { secret, body, sent }: Change = {}) {
  const form = 'KeyId=nobody&AliasName=alias%2Fa';
  const host = new URL(kms.endpoint).host;
  const request = new Request();
  request.method = 'POST';
  request.pathname = '/';
  request.query = {};
  request.headers = {
    host,
    'content-type': 'application/x-www-form-urlencoded',
    'x-acs-action': 'CreateAlias',
    'x-acs-version': '2016-01-20',
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(form).digest('hex'),
    ...(credentials.securityToken && { 'x-acs-security-token': credentials.securityToken }),
  };
  const payload = request.headers['x-acs-content-sha256'] ?? '';
  const { accessKeyId, accessKeySecret } = credentials;
  const signer = ['ACS3-HMAC-SHA256', payload, accessKeyId, secret ?? accessKeySecret] as const;
  const headers = {
    ...request.headers,
    authorization: OpenApiUtil.getAuthorization(request, ...signer),
    ...sent,
  };
  const response = await fetch(kms.endpoint, { method: 'POST', headers, body: body ?? form });
  return ((await response.json()) as { Code: string }).Code;
}

describe('a request signed by ACS3-HMAC-SHA256', () => {
  test('is let in [documented]', async () => {
    expect(await call()).toBe('Forbidden.KeyNotFound');
  });

  test('is let in with STS credentials and their token [documented]', async () => {
    expect(await call(kms.accessKeys.assumeRole(`acs:ram::${accountId}:role/r`))).toBe(
      'Forbidden.KeyNotFound',
    );
  });

  test.each([
    ['another secret', { secret: 'other' }],
    ['another body', { body: 'KeyId=somebody&AliasName=alias%2Fa' }],
    ['another action', { sent: { 'x-acs-action': 'DeleteAlias' } }],
    ['a header that is not signed', { sent: { 'x-acs-more': 'x' } }],
  ])('with %s is refused [assumed]', async (_, change) => {
    expect(await call(kms.accessKeys.root, change)).toBe('IncompleteSignature');
  });

  test('of 20 minutes ago is refused [documented]', async () => {
    const old = `${new Date(Date.now() - 1_200_000).toISOString().slice(0, 19)}Z`;
    expect(await call(kms.accessKeys.root, { sent: { 'x-acs-date': old } })).toMatch(
      /IllegalTimestamp|IncompleteSignature/,
    );
  });
});
