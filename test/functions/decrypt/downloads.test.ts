import { describe, expect, test } from 'vitest';
import { checkDownload, readDownload } from '../../../functions/decrypt/downloads';

const request = { method: 'POST', path: '/downloads', body: '{"key":"a"}' };

describe('readDownload', () => {
  test('POST /downloads', () => {
    expect(readDownload(request)).toEqual({ key: 'a' });
  });

  test.each([
    { method: 'GET' },
    { method: 'PUT' },
    { method: 'post' },
    { path: '/' },
    { path: '/downloads/' },
    { path: '/Downloads' },
    { path: '//downloads' },
    { path: '/%64ownloads' },
    { path: '/downloads?key=a' },
  ])('%j is an unknown route, whatever the body', (change) => {
    const unknown = expect.objectContaining({ code: 'route-unknown', status: 404 });
    expect(() => readDownload({ ...request, ...change })).toThrow(unknown);
    expect(() => readDownload({ ...request, ...change, body: '{' })).toThrow(unknown);
  });

  test.each(['', '{', 'key=a'])('body %j is not JSON', (body) => {
    expect(() => readDownload({ ...request, body })).toThrow(/it is not JSON$/);
  });
});

describe('checkDownload', () => {
  test.each(['a', '报告/📦.pdf', 'a/../b', ' ', '__proto__'])('key %j is read as it stands', (key) => {
    expect(checkDownload({ key })).toEqual({ key });
  });

  test.each([null, 1, 'a', true, [], ['key'], undefined])(
    '%j is refused: it must be a JSON object',
    (json) => {
      expect(() => checkDownload(json)).toThrow('Cannot read the request: it must be a JSON object');
    },
  );

  test.each([{}, { key: '' }, { key: 1 }, { key: null }, { key: ['a'] }, { key: {} }, { key: true }])(
    '%j is refused: the key must be a string',
    (json) => {
      expect(() => checkDownload(json)).toThrow('Cannot read the request: field "key" must be a string');
    },
  );

  test.each([
    ['{"key":"a","versionId":"b"}', 'versionId'],
    ['{"Key":"a"}', 'Key'],
    ['{"key":"a","__proto__":{}}', '__proto__'],
    ['{"key":"a","":1}', ''],
    ['{"key":"a","line\\nfeed":1}', 'line\nfeed'],
  ])('%s: the unknown field is named', (json, name) => {
    const why = `Cannot read the request: field ${JSON.stringify(name)} is unknown`;
    expect(() => checkDownload(JSON.parse(json))).toThrow(why);
  });

  test('of a long unknown name 64 characters are quoted', () => {
    const json = { key: 'a', ['x'.repeat(10_000)]: 1 };
    expect(() => checkDownload(json)).toThrow(`field "${'x'.repeat(64)}" is unknown`);
  });

  test.each([[null], [[]], [{ key: 1 }], [{ key: 'a', b: 1 }]])(
    '%j: request-invalid, not worth a retry',
    (json) => {
      expect(() => checkDownload(json)).toThrow(
        expect.objectContaining({ code: 'request-invalid', status: 400, retry: false }),
      );
    },
  );
});
