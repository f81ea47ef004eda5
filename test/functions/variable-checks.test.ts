import { describe, expect, test } from 'vitest';
import { claims, inlineTypes, keyPrefixes } from '../../functions/variable-checks';

describe('keyPrefixes', () => {
  test.each([
    ['[]', []],
    ['["public/", "报告/"]', ['public/', '报告/']],
  ])('%s', (text, prefixes) => {
    expect(keyPrefixes(text)).toEqual(prefixes);
  });

  test.each(['public/', '{}', '[""]', '["a",1]', '"a"', 'null', '[', ''])('%j is refused', (text) => {
    expect(keyPrefixes(text)).toMatchObject({ wrong: expect.stringMatching(/^must be a JSON array/) });
  });
});

describe('inlineTypes', () => {
  test.each([
    [',', []],
    ['image/png', ['image/png']],
    [' image/png, application/pdf ,', ['image/png', 'application/pdf']],
  ])('%j', (text, types) => {
    expect(inlineTypes(text)).toEqual(types);
  });

  test.each([
    'text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/rss+xml',
    'text/javascript',
    'application/ecmascript',
    'multipart/related',
    'message/rfc822',
    'application/x-shockwave-flash',
    'text/xsl',
  ])('%s can run scripts', (type) => {
    expect(inlineTypes(`image/png,${type}`)).toEqual({ wrong: `must not have ${type}: it can run scripts` });
  });

  test.each(['image/*', '*/*', 'png', 'image/png;q=1', 'Image/PNG'])('%s is no media type', (text) => {
    expect(inlineTypes(text)).toMatchObject({ wrong: expect.stringMatching(/^must be media types/) });
  });
});

describe('claims', () => {
  test('{}', () => {
    expect(claims('{}')).toEqual({});
    expect(claims('{"x-jwt-aud":"downloads"}')).toEqual({ 'x-jwt-aud': 'downloads' });
  });

  test.each(['[]', 'null', '{', '{"X-Jwt-Aud":"a"}', '{"a":""}', '{"a":1}', '{"a b":"c"}'])(
    '%s is refused',
    (text) => {
      expect(claims(text)).toMatchObject({ wrong: expect.stringMatching(/^must be a JSON object/) });
    },
  );
});
