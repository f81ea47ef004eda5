import { describe, expect, test } from 'vitest';
import { asFault, cannotOpen, Fault } from '../../functions/fault';

describe('Fault', () => {
  test.each([
    ['event-invalid', 400, false],
    ['route-unknown', 404, false],
    ['envelope-missing', 404, false],
    ['cannot-open', 422, false],
    ['too-large', 413, false],
    ['source-changed', 409, true],
    ['kms-throttled', 503, true],
    ['internal', 500, false],
  ] as const)('%s answers %d, worth a retry: %s', (code, status, retry) => {
    expect(new Fault(code, 'Cannot')).toMatchObject({
      name: 'Fault',
      code,
      status,
      retry,
      detail: undefined,
    });
  });

  test('every failed opening reads the same, the check is for the log only', () => {
    const [one, other] = [cannotOpen('commitment'), cannotOpen('tag of chunk 3')];
    expect([one.message, one.code, one.status]).toEqual([other.message, other.code, other.status]);
    expect([one.detail, other.detail]).toEqual(['commitment', 'tag of chunk 3']);
  });
});

describe('asFault', () => {
  test('a Fault stays itself', () => {
    const fault = cannotOpen('commitment');
    expect(asFault(fault)).toBe(fault);
  });

  test('the message of an unforeseen error goes nowhere', () => {
    const fault = asFault(new TypeError('https://bucket/?Signature=secret\n    at secret'));
    expect(fault).toMatchObject({ code: 'internal', status: 500, retry: false });
    expect(`${fault.message} ${fault.detail}`).not.toContain('Signature');
    expect(fault.detail).toMatch(/^TypeError at /);
  });

  test.each([undefined, null, 'secret', 7, { secret: 1 }])(
    '%j was thrown: internal, its value goes nowhere',
    (thrown) => {
      const fault = asFault(thrown);
      expect(fault.code).toBe('internal');
      expect(`${fault.message} ${fault.detail}`).not.toContain('secret');
    },
  );
});
