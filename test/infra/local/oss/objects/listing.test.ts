import { describe, expect, test } from 'vitest';
import { pageOf, pageSize } from '../../../../../infra/local/oss/objects/listing';
import { compareKeys } from '../../../../../infra/local/oss/store/versions';

const keys = ['a', 'a/1', 'a/2', 'b/c/d', 'b/x', 'c'];

function pages(prefix: string, delimiter: string, maxKeys: number): string[][] {
  const lists = new Map(keys.map((key) => [key, [key]]));
  const found: string[][] = [];
  let after = '';
  for (let truncated = true; truncated; ) {
    const page = pageOf(lists, { prefix, delimiter, after, maxKeys });
    found.push([...page.entries.map(({ key }) => key), ...page.commonPrefixes.map((group) => `${group}*`)]);
    truncated = page.isTruncated;
    after = page.next?.key ?? '';
  }
  return found;
}

describe('a page [documented]', () => {
  test.each([
    ['', '', 1000, [keys]],
    ['', '', 4, [keys.slice(0, 4), keys.slice(4)]],
    ['', '', 6, [keys]],
    ['a/', '', 1000, [['a/1', 'a/2']]],
    ['', '/', 1000, [['a', 'c', 'a/*', 'b/*']]],
    ['', '/', 1, [['a'], ['a/*'], ['b/*'], ['c']]],
    [
      '',
      '/',
      2,
      [
        ['a', 'a/*'],
        ['c', 'b/*'],
      ],
    ],
    ['b/', '/', 1, [['b/c/*'], ['b/x']]],
    ['x', '', 10, [[]]],
  ])('prefix=%j delimiter=%j max=%i', (prefix, delimiter, maxKeys, expected) => {
    expect(pages(prefix, delimiter, maxKeys)).toEqual(expected);
  });

  test.each(['0', '1001', '-1', 'x', '1.5', ''])('max-keys=%j is refused', (text) => {
    expect(() => pageSize(text, 'max-keys')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
  });
});

test('keys are in the order of their UTF-8 bytes [documented]', () => {
  const mixed = ['z', '\u{1F600}', '\uFFFD', 'a', 'ä', 'aa', '\uD7FF', 'Z', ''];
  const byBytes = [...mixed].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...mixed].sort(compareKeys)).toEqual(byBytes);
});
