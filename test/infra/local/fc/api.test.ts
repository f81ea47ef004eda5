import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fcSignature } from '../../../../infra/local/fc/fc-signature';
import { accountId, type RunningFc, runFc } from './running-fc';

let time = Date.now();
let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc({ echo: { code: `exports.handler = async (event) => event;` } }, { now: () => time });
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
