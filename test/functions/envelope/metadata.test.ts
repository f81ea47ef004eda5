import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkMetadata,
  METADATA_HEADERS,
  type Metadata,
  readMetadata,
  writeMetadata,
} from '../../../functions/envelope/metadata';

const refused = expect.objectContaining({ code: 'cannot-open', message: 'Cannot open the envelope' });
const empty = { headers: [], userMetadata: [], tags: [] };

describe('metadata', () => {
  test('what is written is read', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const once = { selector: ([name]: [string, string]) => name, maxLength: 4 };
    const value = fc.string({ unit: 'binary', maxLength: 40 });
    const pairs = fc.uniqueArray(fc.tuple(name, value), once);
    const headers = fc.uniqueArray(fc.tuple(fc.constantFrom(...METADATA_HEADERS), value), once);
    fc.assert(
      fc.property(fc.record({ headers, userMetadata: pairs, tags: pairs }), (metadata) => {
        expect(readMetadata(writeMetadata(metadata))).toEqual(metadata);
      }),
    );
  });

  test('none at all is written and read', () => {
    expect(writeMetadata(empty).toString()).toBe('{"headers":[],"userMetadata":[],"tags":[]}');
    expect(readMetadata(writeMetadata(empty))).toEqual(empty);
  });

  test('the fields of the argument are written in one order', () => {
    const { headers, userMetadata, tags } = empty;
    expect(writeMetadata({ tags, userMetadata, headers }).equals(writeMetadata(empty))).toBe(true);
  });

  test('a tag may have an empty value, a name is never empty', () => {
    expect(readMetadata(writeMetadata({ ...empty, tags: [['stage', '']] })).tags).toEqual([['stage', '']]);
    expect(() => readMetadata(writeMetadata({ ...empty, tags: [['', 'a']] }))).toThrow(refused);
  });

  test.each([
    '{}',
    '[]',
    '{"headers":[],"userMetadata":[]}',
    '{"headers":[],"tags":[],"userMetadata":[]}',
    '{"headers":[],"userMetadata":[],"tags":[],"acl":[]}',
    '{"headers":{},"userMetadata":[],"tags":[]}',
    '{"headers":[["a"]],"userMetadata":[],"tags":[]}',
    '{"headers":[["a","b","c"]],"userMetadata":[],"tags":[]}',
    '{"headers":[["a",1]],"userMetadata":[],"tags":[]}',
    '{"headers":["ab"],"userMetadata":[],"tags":[]}',
    '{"headers":[["expires","a"],["expires","a"]],"userMetadata":[],"tags":[]}',
    '{"headers":[],"userMetadata":[["a","1"],["b","1"],["a","2"]],"tags":[]}',
    '{"headers":[],"userMetadata":[],"tags":[["__proto__",""],["__proto__",""]]}',
    '{"headers":[["x-oss-storage-class","Standard"]],"userMetadata":[],"tags":[]}',
    '{"headers":[],"userMetadata":[],"tags":[] }',
    `{"headers":[["a","${'b'.repeat(8193)}"]],"userMetadata":[],"tags":[]}`,
    String.raw`{"headers":[["a","\ud800"]],"userMetadata":[],"tags":[]}`,
  ])('refuses %.80s', (json) => {
    expect(() => readMetadata(Buffer.from(json))).toThrow(refused);
  });

  test('header names are lower-case and stand once', () => {
    expect(METADATA_HEADERS.map((name) => name.toLowerCase())).toEqual([...METADATA_HEADERS]);
    expect(new Set(METADATA_HEADERS).size).toBe(METADATA_HEADERS.length);
  });
});

describe('what an object of OSS can carry', () => {
  const tags = (count: number): Metadata['tags'] => Array.from({ length: count }, (_, n) => [`t${n}`, '']);
  const inAll = (bytes: number): Metadata['userMetadata'] => [
    ['a', 'm'.repeat(bytes - 'x-oss-meta-a'.length)],
  ];

  test.each<[string, Partial<Metadata>]>([
    ['nothing', {}],
    ['8192 bytes of user metadata, names and prefixes counted', { userMetadata: inAll(8192) }],
    [
      'the same in UTF-8',
      {
        userMetadata: [
          ['a', '年'.repeat(2722)],
          ['bb', ''],
        ],
      },
    ],
    [
      'values of text',
      {
        userMetadata: [
          ['a-1', ' \t!"#%,;=\\~\u0080é年🔐\ufffd'],
          ['b', ''],
        ],
      },
    ],
    ['a header of 8192 bytes', { headers: [['content-type', 'x'.repeat(8192)]] }],
    ['ten tags', { tags: tags(10) }],
    ['tags of 128 and 256 characters', { tags: [['k'.repeat(128), '𠮷'.repeat(256)]] }],
    ['a tag of all it may have', { tags: [['aZ é年0 +-=._:/', ' ']] }],
  ])('%s', (_, given) => {
    expect(() => checkMetadata({ ...empty, ...given })).not.toThrow();
  });

  test.each<[string, string, Partial<Metadata>]>([
    ['x-oss-meta-', 'a name has', { userMetadata: [['', 'v']] }],
    ['x-oss-meta-a b', 'a name has', { userMetadata: [['a b', 'v']] }],
    ['x-oss-meta-a/b', 'a name has', { userMetadata: [['a/b', 'v']] }],
    ['x-oss-meta-a_b', 'a name has', { userMetadata: [['a_b', 'v']] }],
    ['x-oss-meta-A', 'a name has', { userMetadata: [['A', 'v']] }],
    ['x-oss-meta-\u212a', 'a name has', { userMetadata: [['\u212a', 'v']] }],
    ['x-oss-meta-a\\n', 'a name has', { userMetadata: [['a\n', 'v']] }],
    ['x-oss-meta-a', 'control characters', { userMetadata: [['a', 'v\n']] }],
    ['x-oss-meta-a', 'control characters', { userMetadata: [['a', '\u0000']] }],
    ['x-oss-meta-a', 'control characters', { userMetadata: [['a', '\u007f']] }],
    ['x-oss-meta-a', 'control characters', { userMetadata: [['a', '\ud800']] }],
    ['x-oss-meta-*', '8193 bytes', { userMetadata: inAll(8193) }],
    [
      'x-oss-meta-a',
      'twice',
      {
        userMetadata: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
    ],
    ['content-type', 'control characters', { headers: [['content-type', 'a/b\r\nx: y']] }],
    [
      'content-type',
      'twice',
      {
        headers: [
          ['content-type', 'a/b'],
          ['content-type', 'a/c'],
        ],
      },
    ],
    ['expires', 'over 8192 bytes', { headers: [['expires', 'x'.repeat(8193)]] }],
    ['x-oss-tagging', '11 tags', { tags: tags(11) }],
    ['tag ', 'letters', { tags: [['', 'v']] }],
    ['tag a', 'letters', { tags: [['a', 'v!']] }],
    ['tag a', 'letters', { tags: [['a', 'v\n']] }],
    ['tag a&b', 'letters', { tags: [['a&b', 'v']] }],
    ['tag a', 'letters', { tags: [['a', 'v'.repeat(257)]] }],
    [`tag ${'k'.repeat(76)}`, 'letters', { tags: [['k'.repeat(129), 'v']] }],
    [
      'tag a',
      'twice',
      {
        tags: [
          ['a', '1'],
          ['a', '2'],
        ],
      },
    ],
  ])('not %s: %s', (field, why, given) => {
    const check = () => checkMetadata({ ...empty, ...given });
    expect(check).toThrow(
      expect.objectContaining({ code: 'metadata-unsupported', status: 422, remedy: 'final' }),
    );
    expect(check).toThrow(`Cannot carry "${field}": `);
    expect(check).toThrow(why);
  });
});
