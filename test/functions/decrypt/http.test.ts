import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import download from '../../../events/download.json';
import {
  jsonResponse,
  parseJson,
  problemResponse,
  readCall,
  redirect,
} from '../../../functions/decrypt/http';
import { cannotOpen, Fault } from '../../../functions/fault';

const payload = '{"key":"videos/2026/年会.mp4"}';
const base64 = Buffer.from(payload).toString('base64');

/** `requestId`: of the run. */
const read = (event: Buffer, requestId = download.requestContext.requestId) => readCall(event, requestId);

/** The sample event with other fields. */
function eventOf(change: object): Buffer {
  return Buffer.from(JSON.stringify({ ...download, ...change }));
}

describe('an event in the shape of HTTP', () => {
  test('download.json: who asks, for what', () => {
    const event = readFileSync(`${import.meta.dirname}/../../../events/download.json`);
    expect(read(event)).toEqual({
      caller: {
        isTold: true,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': 'curl/8.5.0',
        },
        sourceIp: '127.0.0.1',
        userAgent: 'curl/8.5.0',
      },
      request: { method: 'POST', path: '/downloads', query: {} },
      payload: Buffer.from(payload),
    });
  });

  test('download-by-link.json: a GET without a body, as FC sends it', () => {
    const event = readFileSync(`${import.meta.dirname}/../../../events/download-by-link.json`);
    expect(read(event)).toMatchObject({
      request: {
        method: 'GET',
        path: '/d/videos/2026/%E5%B9%B4%E4%BC%9A.mp4',
        query: { fileName: '年会.mp4', expiresInSeconds: '60' },
      },
      payload: Buffer.alloc(0),
    });
  });

  test('a base64 body is decoded', () => {
    expect(String(read(eventOf({ body: base64, isBase64Encoded: true })).payload)).toBe(payload);
  });

  test('a body that looks like base64 and is not said to be stays as it is', () => {
    expect(String(read(eventOf({ body: base64 })).payload)).toBe(base64);
  });

  test.each([
    '{"rawPath":"/"}',
    '{"rawPath":"/","requestContext":null,"headers":[1],"queryParameters":{"a":1}}',
  ])('%s is a GET of nothing, by nobody', (event) => {
    expect(read(Buffer.from(event))).toEqual({
      caller: { isTold: false, headers: {}, sourceIp: undefined, userAgent: undefined },
      request: { method: 'GET', path: '/', query: {} },
      payload: Buffer.alloc(0),
    });
  });
});

test.each(['1-674e8f5b-15a2b3c4-000000000000', '', undefined, null])(
  'with the request id %j it is none of the trigger: of the caller nothing is told',
  (requestId) => {
    const requestContext = { ...download.requestContext, requestId };
    expect(read(eventOf({ requestContext })).caller.isTold).toBe(false);
  },
);

describe('a bare payload', () => {
  test.each(['', '{', 'null', '1', '[]', '"rawPath"', payload, '{"rawPath":1}', '{"rawPath":null}'])(
    '%j is no HTTP request',
    (text) => {
      expect(read(Buffer.from(text))).toMatchObject({ request: undefined, payload: Buffer.from(text) });
    },
  );
});

describe('a call of InvokeFunction in the shape of its API', () => {
  const rawPath = '/2023-03-30/functions/decrypt/invocations';
  const domainName = '1234567890123456.cn-hangzhou.fc.aliyuncs.com';
  const requestContext = { ...download.requestContext, domainName };

  test.each([
    ['plain', { body: payload }],
    ['base64', { body: base64, isBase64Encoded: true }],
  ])('its body is the payload: %s', (_, change) => {
    const { request, payload: own } = read(eventOf({ rawPath, requestContext, ...change }));
    expect([request, String(own)]).toEqual([undefined, payload]);
  });

  test('the caller is who made that call, whatever a request within it says', () => {
    const inner = {
      rawPath: '/d/a',
      headers: { 'x-jwt-aud': 'downloads' },
      requestContext: { ...requestContext, http: { sourceIp: '8.8.8.8' } },
    };
    const body = JSON.stringify(inner);
    const { caller, request } = read(eventOf({ rawPath, requestContext, body }));
    expect(request).toEqual({ method: 'GET', path: '/d/a', query: {} });
    expect(caller).toMatchObject({ isTold: true, sourceIp: '127.0.0.1' });
    expect(caller.headers['x-jwt-aud']).toBeUndefined();
  });

  test.each([
    '/2023-03-30/functions/decrypt/invocations/',
    '/2023-03-30/functions/a/b/invocations',
    '/2023-03-30/functions//invocations',
    '/downloads/2023-03-30/functions/decrypt/invocations',
    '/2016-08-15/functions/decrypt/invocations',
  ])('%s is another path', (rawPath) => {
    expect(read(eventOf({ rawPath, requestContext })).request?.path).toBe(rawPath);
  });

  test.each([download.requestContext.domainName, 'decrypt.example.com', 'xaliyuncs.com', undefined])(
    'of the domain %s it is a path like any other',
    (domainName) => {
      const event = eventOf({ rawPath, requestContext: { ...download.requestContext, domainName } });
      const { request, payload: own } = read(event);
      expect([request, String(own)]).toMatchObject([{ method: 'POST', path: rawPath }, payload]);
    },
  );
});

test('what is not JSON is not quoted', () => {
  const refused = expect.objectContaining({ code: 'request-invalid', status: 400, remedy: 'final' });
  const secret = () => parseJson(Buffer.from('secret'));
  expect(secret).toThrow(refused);
  expect(secret).toThrow(/^Cannot read the request: it is not JSON$/);
});

describe('text that is not UTF-8, or was not before Function Compute had it', () => {
  test.each([
    ['a byte of Latin-1', Buffer.from('{"key":"\xf6"}', 'latin1')],
    ['a surrogate of CESU-8', Buffer.from('{"key":"\xed\xa0\x80"}', 'latin1')],
    ['a character cut in half', Buffer.from('{"key":"a"}\xe5\xb9', 'latin1')],
    ['what Function Compute makes of a byte', Buffer.from('{"key":"\ufffd"}')],
  ])('%s is refused', (_, payload) => {
    const { payload: bare } = read(payload);
    const { payload: body } = read(eventOf({ body: payload.toString('base64'), isBase64Encoded: true }));
    for (const read of [bare, body])
      expect(() => parseJson(read)).toThrow(
        expect.objectContaining({
          code: 'request-invalid',
          message: expect.stringContaining('is not UTF-8'),
        }),
      );
  });

  test('the escape of U+FFFD is the character', () => {
    expect(parseJson(Buffer.from('{"key":"\\ufffd"}'))).toEqual({ key: '\ufffd' });
  });
});

describe('responses', () => {
  test('JSON that no cache keeps', () => {
    expect(jsonResponse(201, { url: 'https://downloads.example.com/a' })).toEqual({
      statusCode: 201,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      },
      body: '{"url":"https://downloads.example.com/a"}',
    });
  });

  test('a redirection that nobody keeps or passes on', () => {
    expect(redirect('https://downloads.example.com/a')).toEqual({
      statusCode: 302,
      headers: {
        Location: 'https://downloads.example.com/a',
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      },
      body: '',
    });
  });

  test('a problem has title, status, code and request id, and never the detail', () => {
    const { statusCode, headers, body } = problemResponse(cannotOpen('commitment'), '1-674e8f5b');
    expect(statusCode).toBe(422);
    expect(headers).toEqual({
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    expect(JSON.parse(body)).toEqual({
      title: 'Cannot open the envelope',
      status: 422,
      code: 'cannot-open',
      requestId: '1-674e8f5b',
    });
  });

  test('too many requests: when to come back', () => {
    const { headers } = problemResponse(new Fault('too-many-requests', 'Cannot open more'), '1');
    expect(headers['Retry-After']).toBe('60');
  });
});
