import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenApiUtil from '@alicloud/openapi-util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Credentials } from '../../../../infra/local/ram/credentials';
import { accountId, httpTrigger, type RunningFc, runFc } from './running-fc';

const insideTrigger = httpTrigger('anonymous');
Object.assign(insideTrigger.triggerConfig, { disableURLInternet: true });
const time = Date.UTC(2026, 7, 23, 1, 2, 3, 456);
let fc: RunningFc;
// The hanging function calls it, so that the test knows that it runs.
const server = http.createServer((_, response) => response.end()).listen(0, '127.0.0.1');
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const echo = `exports.handler = async (event) => JSON.parse(event);`;
  fc = await runFc(
    {
      Echo: { code: echo, triggers: [httpTrigger('anonymous', ['GET', 'POST', 'HEAD'])] },
      signed: { code: echo, triggers: [httpTrigger('function', ['GET'])] },
      hang: {
        code: `exports.handler = () => new Promise(() => {
          require('node:http').get(process.env.TELL).on('error', () => undefined);
        });`,
        props: { environmentVariables: { TELL: url } },
        triggers: [httpTrigger('anonymous')],
      },
      inside: { code: echo, triggers: [insideTrigger] },
      answer: {
        code: `exports.handler = async (event) => eval(Buffer.from(JSON.parse(event).body, 'base64').toString());`,
        triggers: [httpTrigger('anonymous')],
      },
    },
    { now: () => time },
  );
});
afterAll(async () => {
  server.close();
  await fc.close();
});

type Event = Record<string, unknown> & {
  headers: Record<string, string>;
  requestContext: Record<string, unknown>;
};
const send = async (path: string, init?: RequestInit) =>
  (await (await fetch(`${fc.urlOf('Echo')}${path}`, init)).json()) as Event;

describe('the event', () => {
  test('has exactly the documented shape [documented]', async () => {
    const { headers, ...event } = await send('/a%20b/%C3%BC?x=1&x=2&y=a%20b', {
      headers: { 'user-agent': 'test' },
    });
    expect(headers).toMatchObject({ 'User-Agent': 'test' });
    expect(event).toEqual({
      version: 'v1',
      rawPath: '/a%20b/%C3%BC',
      body: '',
      isBase64Encoded: true,
      queryParameters: { x: '1,2', y: 'a b' },
      requestContext: {
        accountId,
        domainName: 'echo.cn-hangzhou.fcapp.run',
        domainPrefix: 'echo',
        http: {
          method: 'GET',
          path: '/a b/ü',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^1-/),
        time: '2026-08-23T01:02:03Z',
        timeEpoch: String(time),
      },
    });
  });

  test('has header names in canonical case, repeated ones joined [documented]', async () => {
    const response = await new Promise<http.IncomingMessage>((resolve) =>
      http.get(
        fc.urlOf('Echo'),
        { headers: { 'x-oNE-two': ['a', 'b'], 'accept-encoding': 'gzip' } },
        resolve,
      ),
    );
    const event = JSON.parse((await response.toArray()).join(''));
    expect(event.headers).toMatchObject({ 'X-One-Two': 'a,b', 'Accept-Encoding': 'gzip' });
  });

  test.each([
    ['text/plain', 'hällo', false],
    ['text/html; charset=utf-8', 'hällo', false],
    ['application/json', 'hällo', false],
    ['application/ld+json;x=y', 'hällo', false],
    ['application/jsonx', 'aMOkbGxv', true],
    ['application/x-www-form-urlencoded', 'aMOkbGxv', true],
    ['application/octet-stream', 'aMOkbGxv', true],
  ])('type=%s arrives as %s, base64: %s [documented]', async (type, body, isBase64Encoded) => {
    const event = await send('/', {
      method: 'POST',
      headers: { 'content-type': type },
      body: Buffer.from('hällo'),
    });
    expect(event).toMatchObject({ body, isBase64Encoded });
  });
});

describe('the answer', () => {
  const answer = async (code: string) => {
    const response = await fetch(fc.urlOf('answer'), { method: 'POST', body: Buffer.from(code) });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };

  test.each([
    ['({ statusCode: 201, body: "x" })', 201, 'x'],
    ['({ statusCode: 200, body: { a: 1 } })', 200, '{"a":1}'],
    ['JSON.stringify({ statusCode: 404 })', 404, ''],
    ['({ statusCode: 200, isBase64Encoded: true, body: "eA==" })', 200, 'x'],
    ['({ statusCode: 200, isBase64Encoded: true, body: "not base64!" })', 200, 'not base64!'],
    ['({ a: 1 })', 200, '{"a":1}'],
    ['"text"', 200, 'text'],
  ])('%s is %i %j [documented]', async (code, status, body) => {
    expect(await answer(code)).toMatchObject({
      status,
      body,
      headers: { 'content-type': 'application/json' },
    });
  });

  test('headers pass, except those that belong to the platform [documented]', async () => {
    const { headers } = await answer(`({ statusCode: 200, headers: {
      'Content-Type': 'text/plain', 'X-Own': '1', 'Content-Disposition': 'inline', 'X-Fc-Own': '1', Server: 'me', 'Content-Length': '9' } })`);
    expect(headers).toMatchObject({ 'content-type': 'text/plain', 'x-own': '1', 'content-length': '0' });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-fc-own']));
    expect(headers).not.toHaveProperty('server');
    expect(headers['content-disposition']).toBe('attachment');
  });

  test('a function error is a 502 without its details [documented]', async () => {
    const { status, body } = await answer('throw new Error("secret detail")');
    expect([status, body]).toEqual([502, 'Internal Server Error']);
  });

  test.each([
    '({ statusCode: "x" })',
    '({ statusCode: 99 })',
    '({ statusCode: 200, headers: { "a b": "c" } })',
    '({ statusCode: 200, headers: { a: "b\\nc" } })',
    '({ statusCode: 200, headers: { a: "x".repeat(8192) } })',
  ])('%s is a 502 BadResponse [assumed]', async (code) => {
    const { status, body } = await answer(code);
    expect([status, JSON.parse(body)]).toMatchObject([502, { Code: 'BadResponse' }]);
  });
});

describe('what is refused', () => {
  test('a method that the trigger does not list [assumed]', async () => {
    expect((await fetch(fc.urlOf('Echo'), { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(fc.urlOf('Echo'), { method: 'HEAD' })).status).toBe(200);
  });

  test('a path that is not URL-encoded [assumed]', async () => {
    expect((await fetch(`${fc.urlOf('Echo')}/%ff`)).status).toBe(400);
  });

  test.each<[string, string, RequestInit]>([
    ['a path of more than 4 KB', `/${'x'.repeat(4096)}`, {}],
    ['headers of more than 8 KB', '/', { headers: { 'x-large': 'x'.repeat(8192) } }],
    ['a body of more than 32 MB', '/', { method: 'POST', body: Buffer.alloc(32 * 1024 * 1024 + 1) }],
    [
      'an asynchronous body of more than 128 KB',
      '/',
      { method: 'POST', body: 'x'.repeat(131_073), headers: { 'x-fc-invocation-type': 'Async' } },
    ],
  ])('%s [documented]', async (_, path, init) => {
    const response = await fetch(`${fc.urlOf('Echo')}${path}`, init);
    expect([response.status, await response.json()]).toMatchObject([400, { Code: 'InvalidArgument' }]);
  });

  test('a body or a path at its limit is not refused [documented]', async () => {
    expect((await fetch(`${fc.urlOf('Echo')}/${'x'.repeat(4095)}`)).status).toBe(200);
    const body = Buffer.alloc(32 * 1024 * 1024);
    expect((await fetch(fc.urlOf('Echo'), { method: 'POST', body })).status).toBe(200);
  });

  test('a caller who hangs up ends the function [documented]', async () => {
    const outcome = new Promise<unknown>((resolve) => {
      const request = http.request(fc.urlOf('hang'), () => undefined).on('error', resolve);
      request.end();
      server.once('request', () => request.destroy());
    });
    await outcome;
    await fc.idle();
    expect(fc.reports.at(-1)?.error?.errorType).toBe('InvocationCanceled');
  });
});

describe('authType function', () => {
  const call = async (changed: { credentials?: Credentials; date?: string; sent?: string } = {}) => {
    const {
      credentials = fc.accessKeys.root,
      date = new Date(time).toISOString(),
      sent = '/k%20ey?b=a%20%27b&a=',
    } = changed;
    const token = credentials.securityToken;
    const headers: Record<string, string> = {
      'x-acs-date': date,
      ...(token && { 'x-acs-security-token': token }),
    };
    const request = { method: 'GET', pathname: '/k%20ey', headers, query: { b: "a 'b", a: '' } };
    const { accessKeyId, accessKeySecret } = credentials;
    const authorization = OpenApiUtil.getAuthorization(
      request as unknown as Parameters<typeof OpenApiUtil.getAuthorization>[0],
      'ACS3-HMAC-SHA256',
      '',
      accessKeyId,
      accessKeySecret,
    );
    const response = await fetch(`${fc.urlOf('signed')}${sent}`, { headers: { ...headers, authorization } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('a call signed as the documentation says is let in [documented]', async () => {
    expect((await call()).status).toBe(200);
    const credentials = fc.accessKeys.assumeRole(`acs:ram::${accountId}:role/caller`);
    expect((await call({ credentials })).status).toBe(200);
  });

  test('no signature, or one of something else, is a 403 that never reaches the function [documented]', async () => {
    const before = fc.reports.length;
    expect((await fetch(fc.urlOf('signed'))).status).toBe(403);
    expect(await call({ sent: '/k%20ey?b=a%20%27b&a=1' })).toMatchObject({
      status: 403,
      body: { Code: 'SignatureNotMatch' },
    });
    expect((await call({ sent: '/other?b=a%20%27b&a=' })).status).toBe(403);
    const sts = fc.accessKeys.assumeRole(`acs:ram::${accountId}:role/caller`);
    const { securityToken, ...bare } = sts;
    expect(await call({ credentials: bare })).toMatchObject({
      status: 403,
      body: { Code: 'InvalidAccessKeyID' },
    });
    const other = { ...fc.accessKeys.root, accessKeySecret: 'other' };
    expect(await call({ credentials: other })).toMatchObject({
      status: 403,
      body: { RequestId: expect.any(String) },
    });
    expect(securityToken).toBeTruthy();
    expect(fc.reports).toHaveLength(before);
  });

  test.each([
    [-15 * 60_000, 200],
    [15 * 60_000, 200],
    [-15 * 60_000 - 1, 403],
    [15 * 60_000 + 1, 403],
  ])('skew=%ims answers %i [documented]', async (skew, status) => {
    expect((await call({ date: new Date(time + skew).toISOString() })).status).toBe(status);
  });
});

test('disableURLInternet: the public URL lets nobody in [documented]', async () => {
  const response = await fetch(fc.urlOf('inside'));
  expect(await response.json()).toMatchObject({
    Message: 'access denied due to function internet URL is disable',
  });
  expect(response.status).toBe(403);
});
