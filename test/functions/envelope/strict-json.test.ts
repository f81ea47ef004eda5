import { describe, expect, test } from 'vitest';
import { array, integer, moment, object, strictJson, text } from '../../../functions/envelope/strict-json';

const refused = expect.objectContaining({ code: 'cannot-open', message: 'Cannot open the envelope' });

/** Reads the one form `{"name":"…","count":…}`. */
function read(json: string | Buffer) {
  return strictJson(Buffer.from(json), 'a test', (value) => {
    const { name, count } = object(value);
    return { name: text(name, 12), count: integer(count, 5000) };
  });
}

describe('strictJson', () => {
  test.each([
    '{"name":"a","count":1000}',
    '{"name":"报告📦","count":0}',
    String.raw`{"name":"\n\"\\/","count":1}`,
  ])('reads %s', (json) => {
    expect(JSON.stringify(read(json))).toBe(json);
  });

  test.each([
    '',
    'null',
    '[]',
    '"a"',
    '{',
    '{"name":"a"}',
    '{"name":"a","count":"1"}',
    '{"name":1,"count":1}',
    '{"name":"","count":1}',
    '{"name":"a","count":1,"more":1}',
    '{"name":"a","count":1,"__proto__":{}}',
    '{"__proto__":{"name":"a"},"count":1}',
    '{"count":1,"name":"a"}',
    '{"name":"a","name":"a","count":1}',
    '{"name":"a","count":2,"count":1}',
    '{"name": "a","count":1}',
    ' {"name":"a","count":1}',
    '{"name":"a","count":1} ',
    '{"name":"a","count":1}\r',
    '\ufeff{"name":"a","count":1}',
    String.raw`{"name":"\u0041","count":1}`,
    String.raw`{"name":"\/","count":1}`,
    String.raw`{"name":"\ud800","count":1}`,
    String.raw`{"name":"a\udc00","count":1}`,
    '{"name":"a","count":1e3}',
    '{"name":"a","count":1.0}',
    '{"name":"a","count":0.5}',
    '{"name":"a","count":-0}',
    '{"name":"a","count":-1}',
    '{"name":"a","count":01}',
    '{"name":"a","count":5001}',
    '{"name":"a","count":1e999}',
    `{"name":"a","count":${'9'.repeat(400)}}`,
    '{"name":"thirteenbytes","count":1}',
    '{"name":"五个汉字多","count":1}',
  ])('refuses %j', (json) => {
    expect(() => read(json)).toThrow(refused);
  });

  test('refuses bytes that are no UTF-8', () => {
    const json = Buffer.from('{"name":"a","count":1}');
    for (const bytes of [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80]]) {
      const broken = Buffer.concat([json.subarray(0, 9), Buffer.from(bytes), json.subarray(9)]);
      expect(() => read(broken)).toThrow(refused);
    }
  });

  test('refuses an escaped form of the replacement character in place of broken bytes', () => {
    expect(read('{"name":"\ufffd","count":1}').name).toBe('\ufffd');
    expect(() => read(String.raw`{"name":"\ufffd","count":1}`)).toThrow(refused);
  });

  test.each(['[', '{"a":'])('refuses 20,000 levels of %s', (level) => {
    const close = level === '[' ? ']' : '}';
    expect(() => read(`${level.repeat(20_000)}1${close.repeat(20_000)}`)).toThrow(refused);
    expect(() => read(level.repeat(20_000))).toThrow(refused);
  });
});

test.each([null, 1, 'a', [], undefined])('object refuses %j', (json) => {
  expect(() => object(json)).toThrow(refused);
});

test.each([null, 1, 'a', {}, undefined])('array refuses %j', (json) => {
  expect(() => array(json)).toThrow(refused);
});

test('text holds its pattern from end to end', () => {
  expect(text('ab', 2, /^[a-z]+$/)).toBe('ab');
  for (const value of ['a1', 'a\n', '\na']) expect(() => text(value, 9, /^[a-z]+$/)).toThrow(refused);
});

test.each([
  '',
  '2026-11-21',
  '2026-11-21T01:02:03Z',
  '2026-11-21T01:02:03.000+00:00',
  '2026-11-21T01:02:03.0000',
  '2026-02-30T01:02:03.000Z',
  '2026-11-21T24:00:00.000Z',
  '2026-11-21t01:02:03.000z',
  '+275760-09-13T00:00:00.000Z',
  1_763_686_923_000,
])('moment refuses %j', (json) => {
  expect(() => moment(json)).toThrow(refused);
});

test('moment reads milliseconds in UTC', () => {
  expect(moment('2026-11-21T01:02:03.004Z')).toBe('2026-11-21T01:02:03.004Z');
});
