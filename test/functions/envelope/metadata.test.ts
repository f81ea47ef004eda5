import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { METADATA_HEADERS, readMetadata, writeMetadata } from '../../../functions/envelope/metadata';

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
