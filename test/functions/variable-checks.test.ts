import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  claims,
  endpoint,
  inlineTypes,
  keyArns,
  keyPrefixes,
  origins,
  whole,
} from '../../functions/variable-checks';

describe('keyPrefixes', () => {
  test.each([
    ['[]', []],
    ['["public/", "报告/"]', ['public/', '报告/']],
  ])('%s', (text, prefixes) => {
    expect(keyPrefixes(text)).toEqual(prefixes);
  });

  test.each(['public/', '{}', '[""]', '["\\ud83d"]', '\u00a0[]', '["a",1]', '"a"', 'null', '[', ''])(
    '%j is refused',
    (text) => {
      expect(keyPrefixes(text)).toMatchObject({ wrong: expect.stringMatching(/^must be a JSON array/) });
    },
  );
});

describe('origins', () => {
  const template = readFileSync('infra/template.yaml', 'utf8');

  test.each([
    ['', []],
    ['https://app.example.com', ['https://app.example.com']],
    [
      'https://a.cn:8443,http://localhost:5173,http://127.0.0.1',
      ['https://a.cn:8443', 'http://localhost:5173', 'http://127.0.0.1'],
    ],
    ['https://xn--fiqs8s.cn', ['https://xn--fiqs8s.cn']],
  ])('%j', (text, list) => {
    expect(origins(text)).toEqual(list);
    expect(text).toMatch(new RegExp(parse(template).Parameters.AllowedOrigins.AllowedPattern));
  });

  test.each([
    ...[
      '*',
      'null',
      'app.example.com',
      'https://',
      'https://*.example.com',
      'http://app.example.com',
      '//a.cn',
    ],
    ...[
      'https://app.example.com/',
      'https://a.cn?',
      'https://a.cn#',
      'https://a@a.cn',
      'HTTPS://a.cn',
      'https://A.cn',
    ],
    ...[
      'https://a.cn:443',
      'http://localhost:80',
      'https://a.cn:0',
      'https://a.cn:65536',
      'https://a.cn:08',
      'https://a.cn:',
    ],
    ...[
      'https://a.cn,',
      ',',
      'https://a.cn, https://b.cn',
      ' https://a.cn',
      'https://a.cn\n',
      'https://1.2.3',
    ],
    ...[
      'https://中国.cn',
      'https://a\u3002cn',
      'https://[::1]',
      'file://',
      'http://localhost.evil.com',
      'https://a_b.cn',
    ],
  ])('%j is none that a browser sends', (text) => {
    expect(origins(text)).toMatchObject({ wrong: expect.stringMatching(/^must be origins/) });
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

  test.each([
    '\u00a0image/png',
    'image/png\u3000',
    '\ufeffimage/png',
    'image/x-\u212aodak',
    'image/*',
    '*/*',
    'png',
    'image/png;q=1',
    'Image/PNG',
  ])('%s is no media type', (text) => {
    expect(inlineTypes(text)).toMatchObject({ wrong: expect.stringMatching(/^must be media types/) });
  });
});

describe('what only looks like ASCII, or like a number', () => {
  const arn = 'acs:kms:cn-hangzhou:1234567890123456:key/k-1';
  test.each([arn, `${arn}, ${arn}`])('%s: key ARNs', (text) => {
    expect(keyArns(text)).toEqual(text.split(', '));
  });
  test.each([`\u00a0${arn}`, `${arn}\u3000`, `${arn},\ufeff${arn}`, arn.replace('k-1', '\u212a-1')])(
    '%j: no key ARN',
    (text) => {
      expect(keyArns(text)).toMatchObject({ wrong: expect.stringMatching(/^must be key ARNs/) });
    },
  );
  test.each([
    '\u00a0https://a.example.com',
    ' https://a.example.com',
    'https://a\t.example.com',
    'https://ａ.example.com',
    'https://a.example.com\n',
  ])('%j: no endpoint', (text) => {
    expect(endpoint(text)).toEqual({ wrong: 'must be a URL without a path' });
  });
  test.each(['', ' 1', '1 ', '+1', '1e3', '0x10', '1_0', '1.0', '١', '１', '-1'])('%j: no number', (text) => {
    expect(whole(0, 9999)(text)).toMatchObject({ wrong: expect.stringContaining('whole number') });
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
