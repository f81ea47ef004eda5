import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import OpenApiUtil from '@alicloud/openapi-util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fcSignature } from '../../../../infra/local/fc/fc-signature';
import { accountId, type RunningFc, runFc } from './running-fc';

let time = Date.now();
let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc(
    {
      echo: { code: `exports.handler = async (event) => event;` },
      talk: {
        code: `exports.handler = async () => { for (let i = 0; i < 1000; i++) console.log('line', i); console.log('last words'); };`,
      },
    },
    { now: () => time },
  );
});
afterAll(() => fc.close());

test("a synchronous call answers what the handler answers [observed in an official SDK's tests]", async () => {
  const { headers, data } = await fc.invoke('echo', 'hällo');
  expect(data).toBe('hällo');
  expect(headers['x-fc-error-type']).toBeUndefined();
  expect(headers['x-fc-request-id']).toMatch(/^1-/);
});

test('an asynchronous call is accepted at once and runs later [documented]', async () => {
  const { headers } = await fc.invoke('echo', 'x', { 'x-fc-invocation-type': 'Async' });
  await fc.idle();
  expect(fc.reports.map(({ requestId }) => requestId)).toContain(headers['x-fc-request-id']);
});

test('STS credentials are let in with their token only [documented]', async () => {
  const credentials = fc.accessKeys.assumeRole(`acs:ram::${accountId}:role/caller`);
  const call = (changed: object) =>
    fc.clientOf({ ...credentials, ...changed }).request('POST', '/functions/echo/invocations', null, 'x');
  expect((await call({})).data).toBe('x');
  await expect(call({ securityToken: 'CAISother' })).rejects.toMatchObject({ code: 'InvalidAccessKeyID' });
});

test('an unknown function is a FunctionNotFound [documented]', async () => {
  await expect(fc.invoke('nobody')).rejects.toMatchObject({
    code: 'FunctionNotFound',
    message: expect.stringContaining('404'),
  });
});

test('a wrong secret, an unknown key and an old date are refused [documented]', async () => {
  const call = (changed: object) =>
    fc
      .clientOf({ ...fc.accessKeys.root, ...changed })
      .request('POST', '/functions/echo/invocations', null, 'x');
  await expect(call({ accessKeySecret: 'other' })).rejects.toMatchObject({ code: 'SignatureNotMatch' });
  await expect(call({ accessKeyId: 'LTAInobody' })).rejects.toMatchObject({ code: 'InvalidAccessKeyID' });
  time += 16 * 60_000;
  await expect(call({})).rejects.toMatchObject({ code: 'AccessDenied' });
  time -= 16 * 60_000;
});

test('a payload that is not the one signed is refused [assumed]', async () => {
  const path = '/2023-03-30/functions/echo/invocations';
  const { accessKeyId, accessKeySecret } = fc.accessKeys.root;
  const digest = createHash('md5').update('signed').digest('base64');
  const headers = { date: new Date(time).toUTCString(), 'content-md5': digest };
  const send = async (body: string, authorization: string) => {
    const request = http.request(fc.endpoint + path, {
      method: 'POST',
      headers: { ...headers, authorization },
    });
    const [response] = (await once(request.end(body), 'response')) as [http.IncomingMessage];
    return { status: response.statusCode, body: (await response.toArray()).join('') };
  };
  const signed = `FC ${accessKeyId}:${fcSignature({ method: 'POST', path, headers }, accessKeySecret)}`;
  expect(await send('signed', signed)).toEqual({ status: 200, body: 'signed' });
  expect(await send('other', signed)).toMatchObject({
    status: 400,
    body: expect.stringContaining('InvalidArgument'),
  });
  expect(await send('signed', 'Bearer x')).toMatchObject({ status: 403 });
});

test('an asynchronous payload has at most 128 KB [documented]', async () => {
  const tooLarge = fc.invoke('echo', 'x'.repeat(128 * 1024 + 1), { 'x-fc-invocation-type': 'Async' });
  await expect(tooLarge).rejects.toMatchObject({ code: 'EntityTooLarge' });
});

test('a synchronous payload has at most 32 MB [documented]', async () => {
  const tooLarge = fc.invoke('echo', 'x'.repeat(32 * 1024 * 1024 + 1));
  await expect(tooLarge).rejects.toMatchObject({
    code: 'EntityTooLarge',
    message: expect.stringContaining('payload size exceeds maximum allowed size (33554432 bytes)'),
  });
});

test('X-Fc-Log-Type: Tail answers the end of the log [documented]', async () => {
  const { headers } = await fc.invoke('talk', '{}', { 'x-fc-log-type': 'Tail' });
  const log = Buffer.from(headers['x-fc-log-result'] ?? '', 'base64');
  expect(log.length).toBe(4096);
  expect(log.toString()).toMatch(/last words\nFC Invoke End RequestId: 1-/);
  expect((await fc.invoke('talk')).headers).not.toHaveProperty('x-fc-log-result');
});

test.each([
  ['POST', '/functions', 501, 'NotImplemented', 'CreateFunction'],
  ['DELETE', '/functions/echo', 501, 'NotImplemented', 'DeleteFunction'],
  ['PUT', '/functions/echo/triggers/http', 501, 'NotImplemented', 'UpdateTrigger'],
  ['GET', '/functions/echo/invocations', 400, 'PathNotSupported', "'GET' against"],
  ['GET', '/nonsense', 400, 'PathNotSupported', "'GET' against '/2023-03-30/nonsense' is not supported"],
])('%s %s is a %i %s: %s [assumed]', async (method, path, status, code, message) => {
  const call = fc.clientOf(fc.accessKeys.root).request(method, path, null, '');
  await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  await expect(call).rejects.toThrow(String(status));
});

test('only LATEST is there [assumed]', async () => {
  const call = fc
    .clientOf(fc.accessKeys.root)
    .request('POST', '/functions/echo/invocations', { qualifier: 'prod' }, 'x');
  await expect(call).rejects.toMatchObject({ code: 'AliasNotFound' });
});

describe('signed with ACS3, as the newer SDKs do it', () => {
  const call = async (payload: string, sent: string) => {
    const { accessKeyId, accessKeySecret } = fc.accessKeys.root;
    const hash = createHash('sha256').update(payload).digest('hex');
    const headers: Record<string, string> = {
      'x-acs-action': 'InvokeFunction',
      'x-acs-content-sha256': hash,
      'x-acs-date': new Date(time).toISOString(),
      'x-acs-version': '2023-03-30',
    };
    const pathname = '/2023-03-30/functions/echo/invocations';
    const request = { method: 'POST', pathname, headers, query: {} };
    const authorization = OpenApiUtil.getAuthorization(
      request as unknown as Parameters<typeof OpenApiUtil.getAuthorization>[0],
      'ACS3-HMAC-SHA256',
      hash,
      accessKeyId,
      accessKeySecret,
    );
    const response = await fetch(fc.endpoint + pathname, {
      method: 'POST',
      headers: { ...headers, authorization },
      body: sent,
    });
    return { status: response.status, body: await response.text() };
  };

  test('a call is let in [documented]', async () => {
    expect(await call('hällo', 'hällo')).toEqual({ status: 200, body: 'hällo' });
  });

  test('a payload that is not the one signed is refused, in their shape [documented]', async () => {
    const { status, body } = await call('signed', 'other');
    expect([status, JSON.parse(body)]).toEqual([
      403,
      { Code: 'SignatureNotMatch', Message: expect.any(String), RequestId: expect.stringMatching(/^1-/) },
    ]);
  });
});
