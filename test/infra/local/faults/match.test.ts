import { expect, test } from 'vitest';
import { fits, matches } from '../../../../infra/local/faults/match';

test.each([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['*', '', true],
  ['a*', 'a', true],
  ['a*', 'ba', false],
  ['*c', 'abc', true],
  ['a*c', 'ac', true],
  ['ab*bc', 'abc', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a.c', 'abc', false],
])('pattern %s, text %s: %s [assumed]', (pattern, value, result) => {
  expect(fits(pattern, value)).toBe(result);
});

test('every field that is given must fit; one that is absent from the request does not [assumed]', () => {
  const candidate = { service: 'oss', operation: 'PutObject', bucket: 'inbox', key: 'a/b' };
  expect(matches({}, candidate)).toBe(true);
  expect(matches({ service: 'oss', key: 'a/*' }, candidate)).toBe(true);
  expect(matches({ service: 'kms', key: 'a/*' }, candidate)).toBe(false);
  expect(matches({ functionName: '*' }, candidate)).toBe(false);
});
