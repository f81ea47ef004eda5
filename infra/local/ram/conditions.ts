import { BlockList, isIP } from 'node:net';
import { fitsWildcard } from './wildcard';

/** Whether a request whose condition keys have these values meets a condition. */
export type Condition = (given: Record<string, string>) => boolean;

/** `isReadable`: whether it can be a value of the policy; `test`: whether the request's value meets it. */
type Operator = { isReadable: (wanted: string) => boolean; test: (given: string, wanted: string) => boolean };

const NUMBER = /^-?\d+(\.\d+)?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

const numeric = (test: (a: number, b: number) => boolean): Operator => ({
  isReadable: (wanted) => NUMBER.test(wanted),
  test: (given, wanted) => test(Number(given), Number(wanted)),
});
const date = (test: (a: number, b: number) => boolean): Operator => ({
  isReadable: (wanted) => TIME.test(wanted),
  test: (given, wanted) => test(Date.parse(given), Date.parse(wanted)),
});

/** The operators of RAM's documentation ("Conditional operators"); no other is known there. */
const OPERATORS: Record<string, Operator> = {
  StringEquals: { isReadable: isText, test: (given, wanted) => given === wanted },
  StringEqualsIgnoreCase: {
    isReadable: isText,
    test: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  },
  StringLike: { isReadable: isText, test: (given, wanted) => fitsWildcard(wanted, given) },
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
  Bool: { isReadable: (wanted) => /^(true|false)$/.test(wanted), test: (given, wanted) => given === wanted },
  IpAddress: { isReadable: isRange, test: isWithin },
};

/** Met when the one they negate is not: by a request without the key too. */
const NEGATIONS: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

/**
 * Reads the Condition element of a statement: all operators and keys must be met, of the values of one key any.
 * Throws an Error that begins with `path` for an operator that RAM does not know and a value that it cannot read.
 */
export function readConditions(value: unknown, path: string): Condition[] {
  if (value === undefined) return [];
  return entriesOf(value, path).flatMap(([operator, keys]) =>
    entriesOf(keys, `${path}.${operator}`).map(([key, values]) =>
      readCondition(operator, key, valuesOf(values), `${path}.${operator}.${key}`),
    ),
  );
}

/** The condition keys that a statement's Condition element names. */
export function conditionKeys(value: unknown): string[] {
  return value === undefined
    ? []
    : entriesOf(value, '').flatMap(([, keys]) => entriesOf(keys, '').map(([key]) => key));
}

function readCondition(name: string, key: string, values: string[], path: string): Condition {
  const negates = Object.hasOwn(NEGATIONS, name);
  const operator = OPERATORS[NEGATIONS[name] ?? name];
  if (!operator) throw new Error(`${path}: RAM has no condition operator ${name}`);
  const unreadable = values.find((value) => !operator.isReadable(value));
  if (unreadable !== undefined || values.length === 0) {
    throw new Error(`${path}: ${name} cannot be compared with ${JSON.stringify(unreadable ?? values)}`);
  }
  return (given) => {
    const own = given[key];
    const met = own !== undefined && values.some((wanted) => operator.test(own, wanted));
    return met !== negates;
  };
}

function isText(): boolean {
  return true;
}

function isRange(text: string): boolean {
  const [net = '', prefix = '0', ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(net)] ?? -1;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && more.length === 0;
}

function isWithin(address: string, range: string): boolean {
  const [net = '', prefix] = range.split('/');
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(net, family);
  else list.addSubnet(net, Number(prefix), family);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new Error(`${path} is not an object`);
}

// YAML makes booleans and numbers of what a policy has as texts.
function valuesOf(value: unknown): string[] {
  return [value].flat().map(String);
}
