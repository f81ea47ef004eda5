import { describe, expect, test } from 'vitest';
import { checkClaims, checkServed } from '../../../functions/decrypt/served';

describe('checkServed', () => {
  test.each([
    [[], 'anything'],
    [['public/'], 'public/a'],
    [['public/', '报告/'], '报告/a'],
  ])('prefixes %j serve %j', (prefixes, key) => {
    expect(() => checkServed(prefixes, key)).not.toThrow();
  });

  test.each([
    [['public/'], 'public'],
    [['public/'], 'Public/a'],
    [['public/'], 'secret/public/a'],
    [['a', 'b'], 'c'],
  ])('prefixes %j do not serve %j', (prefixes, key) => {
    expect(() => checkServed(prefixes, key)).toThrow(
      expect.objectContaining({ code: 'key-not-served', status: 403 }),
    );
  });
});

describe('checkClaims', () => {
  const required = { 'x-jwt-aud': 'downloads', 'x-jwt-sub': '*' };

  test('every header has the value that is required', () => {
    expect(() => checkClaims(required, { 'x-jwt-aud': 'downloads', 'x-jwt-sub': 'somebody' })).not.toThrow();
    expect(() => checkClaims({}, {})).not.toThrow();
  });

  test.each([
    [{}],
    [{ 'x-jwt-aud': 'downloads' }],
    [{ 'x-jwt-aud': 'downloads', 'x-jwt-sub': '' }],
    [{ 'x-jwt-aud': 'downloads,uploads', 'x-jwt-sub': 'somebody' }],
    [{ 'x-jwt-aud': 'Downloads', 'x-jwt-sub': 'somebody' }],
    [{ 'x-jwt-aud': '*', 'x-jwt-sub': 'somebody' }],
  ])('%j is refused', (headers: Record<string, string>) => {
    expect(() => checkClaims(required, headers)).toThrow(
      expect.objectContaining({ code: 'claims-refused', status: 403 }),
    );
  });

  test('what every object has is no claim', () => {
    for (const wanted of ['*', String(Object)])
      expect(() => checkClaims({ constructor: wanted }, {})).toThrow(/the claim constructor/);
    expect(() => checkClaims({ constructor: '*' }, { constructor: 'x' })).not.toThrow();
  });
});
