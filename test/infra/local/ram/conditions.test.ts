import { describe, expect, test } from 'vitest';
import { readConditions } from '../../../../infra/local/ram/conditions';

const met = (condition: unknown, given: Record<string, string>) =>
  readConditions(condition, 'Condition').every((one) => one(given));

describe('operators [documented]', () => {
  const rows: [operator: string, wanted: unknown, given: string, met: boolean][] = [
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'hangzhou/*', 'hangzhou/2015/x', true],
    ['StringLike', 'a?c', 'abc', true],
    ['StringLike', 'A*', 'abc', false],
    ['StringNotLike', 'a*', 'abc', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '10.0', false],
    ['NumericLessThan', 10, '9', true],
    ['NumericLessThan', 10, '10', false],
    ['NumericLessThanEquals', 10, '10', true],
    ['NumericGreaterThan', 10, '10.5', true],
    ['NumericGreaterThanEquals', 10, '9', false],
    ['DateEquals', '2026-11-21T00:00:00Z', '2026-11-21T08:00:00+08:00', true],
    ['DateNotEquals', '2026-11-21T00:00:00Z', '2026-11-21T00:00:01Z', true],
    ['DateLessThan', '2026-11-21T08:00:00+08:00', '2026-11-20T23:59:59.999Z', true],
    ['DateLessThanEquals', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00.000Z', true],
    ['DateGreaterThan', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00.000Z', false],
    ['DateGreaterThanEquals', '2026-11-21T00:00:00Z', '2026-11-21T00:00:00.000Z', true],
    ['Bool', 'false', 'false', true],
    ['Bool', [false], 'false', true],
    ['Bool', 'true', 'false', false],
    ['IpAddress', '127.0.0.0/8', '127.0.0.1', true],
    ['IpAddress', ['10.0.0.0/8', '127.0.0.1'], '127.0.0.1', true],
    ['IpAddress', '127.0.0.2', '127.0.0.1', false],
    ['IpAddress', '::1/128', '::1', true],
    ['NotIpAddress', '10.0.0.0/8', '127.0.0.1', true],
  ];
  test.each(rows)('%s %j for %s: %s', (operator, wanted, given, expected) => {
    expect(met({ [operator]: { 'acs:Key': wanted } }, { 'acs:Key': given })).toBe(expected);
  });

  test('all operators and all keys must be met', () => {
    const both = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    expect(met(both, { a: '1', b: '2', c: 'true' })).toBe(true);
    expect(met(both, { a: '1', b: '3', c: 'true' })).toBe(false);
    expect(met(both, { a: '1', b: '2', c: 'false' })).toBe(false);
  });
});

test('a key that the request does not have meets negations only [assumed]', () => {
  expect(met({ StringEquals: { a: '' } }, {})).toBe(false);
  expect(met({ Bool: { a: 'false' } }, {})).toBe(false);
  expect(met({ StringNotEquals: { a: '1' } }, {})).toBe(true);
  expect(met({ NotIpAddress: { a: '10.0.0.0/8' } }, {})).toBe(true);
});

describe('what cannot be read is refused [assumed]', () => {
  const rows: [condition: unknown, message: string][] = [
    [{ StringMatches: { a: 'b' } }, 'RAM has no condition operator StringMatches'],
    [{ Null: { a: 'true' } }, 'RAM has no condition operator Null'],
    [{ toString: { a: 'b' } }, 'RAM has no condition operator toString'],
    [{ NumericEquals: { a: 'ten' } }, 'NumericEquals cannot be compared with "ten"'],
    [{ DateLessThan: { a: 'tomorrow' } }, 'DateLessThan cannot be compared with "tomorrow"'],
    [{ Bool: { a: 'yes' } }, 'Bool cannot be compared with "yes"'],
    [{ IpAddress: { a: '300.1.1.1' } }, 'IpAddress cannot be compared with "300.1.1.1"'],
    [{ IpAddress: { a: '10.0.0.0/33' } }, 'IpAddress cannot be compared with "10.0.0.0/33"'],
    [{ StringEquals: { a: [] } }, 'StringEquals cannot be compared with []'],
    [{ StringEquals: 'a' }, 'Condition.StringEquals is not an object'],
    ['a', 'Condition is not an object'],
  ];
  test.each(rows)('%j', (condition, message) => {
    expect(() => readConditions(condition, 'Condition')).toThrow(message);
  });
});
