import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import download from '../../../events/download.json';
import {
  jsonResponse,
  parseJson,
  problemResponse,
  readHttp,
  readPayload,
} from '../../../functions/decrypt/http';
import { cannotOpen } from '../../../functions/fault';

const refused = expect.objectContaining({ code: 'request-invalid', status: 400, retry: false });
const payload = '{"key":"videos/2026/年会.mp4"}';
const base64 = Buffer.from(payload).toString('base64');

/** The sample event with other fields. */
function eventOf(change: object): Buffer {
  return Buffer.from(JSON.stringify({ ...download, ...change }));
}

describe('readHttp', () => {
  test('download.json: method, path and body', () => {
    const event = readFileSync(`${import.meta.dirname}/../../../events/download.json`);
    expect(readHttp(event)).toEqual({ method: 'POST', path: '/downloads', body: payload });
  });

  test('a base64 body is decoded', () => {
    expect(readHttp(eventOf({ body: base64, isBase64Encoded: true }))?.body).toBe(payload);
  });

  test('a body that looks like base64 and is not said to be stays as it is', () => {
    expect(readHttp(eventOf({ body: base64 }))?.body).toBe(base64);
  });

  test('a GET without a body, as FC sends it', () => {
    const requestContext = { http: { method: 'GET' } };
    expect(readHttp(eventOf({ requestContext, body: '', isBase64Encoded: true }))).toEqual({
      method: 'GET',
      path: '/downloads',
      body: '',
    });
  });

  test.each([
    {},
    { 'content-type': 'application/json' },
    { 'Content-Type': 'application/octet-stream', 'X-Forwarded-Proto': 'https' },
    { Accept: 'text/html,*/*' },
    undefined,
  ])('headers %j change nothing', (headers) => {
    expect(readHttp(eventOf({ headers }))).toEqual({ method: 'POST', path: '/downloads', body: payload });
  });

  test('without a body and a context it is a GET of nothing', () => {
    expect(readHttp(Buffer.from('{"rawPath":"/"}'))).toEqual({ method: 'GET', path: '/', body: '' });
  });

  test.each(['', '{', 'null', '1', '[]', '"rawPath"', payload, '{"rawPath":1}', '{"rawPath":null}'])(
    '%j is no HTTP request',
    (event) => {
      expect(readHttp(Buffer.from(event))).toBeUndefined();
    },
  );

  test('a call of InvokeFunction in the shape of its API is no HTTP request', () => {
    expect(readHttp(eventOf({ rawPath: '/2023-03-30/functions/decrypt/invocations' }))).toBeUndefined();
  });

  test.each([
    '/2023-03-30/functions/decrypt/invocations/',
    '/2023-03-30/functions/a/b/invocations',
    '/2023-03-30/functions//invocations',
    '/downloads/2023-03-30/functions/decrypt/invocations',
    '/2016-08-15/functions/decrypt/invocations',
  ])('%s is an HTTP request', (rawPath) => {
    expect(readHttp(eventOf({ rawPath }))?.path).toBe(rawPath);
  });
});

describe('readPayload', () => {
  const rawPath = '/2023-03-30/functions/decrypt/invocations';

  test('bare', () => {
    expect(readPayload(Buffer.from(payload))).toEqual(JSON.parse(payload));
  });

  test('in the shape of the API', () => {
    expect(readPayload(eventOf({ rawPath }))).toEqual(JSON.parse(payload));
  });

  test('in the shape of the API, base64', () => {
    expect(readPayload(eventOf({ rawPath, body: base64, isBase64Encoded: true }))).toEqual(
      JSON.parse(payload),
    );
  });

  test.each(['', '{', 'key=a', "{'key':'a'}"])('%j is not JSON', (event) => {
    expect(() => readPayload(Buffer.from(event))).toThrow(refused);
  });

  test.each(['', '{', base64])('body %j in the shape of the API is not JSON', (body) => {
    expect(() => readPayload(eventOf({ rawPath, body }))).toThrow(refused);
  });
});

test('what is not JSON is not quoted', () => {
  expect(() => parseJson('secret')).toThrow(/^Cannot read the request: it is not JSON$/);
});

describe('responses', () => {
  test('JSON that no cache keeps', () => {
    expect(jsonResponse(201, { url: 'https://downloads.example.com/a' })).toEqual({
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: '{"url":"https://downloads.example.com/a"}',
    });
  });

  test('a problem has title, status, code and request id, and never the detail', () => {
    const { statusCode, headers, body } = problemResponse(cannotOpen('commitment'), '1-674e8f5b');
    expect(statusCode).toBe(422);
    expect(headers).toEqual({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
    expect(JSON.parse(body)).toEqual({
      title: 'Cannot open the envelope',
      status: 422,
      code: 'cannot-open',
      requestId: '1-674e8f5b',
    });
  });
});
