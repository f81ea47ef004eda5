import { describe, expect, test } from 'vitest';
import { asFault, cannotOpen, Fault } from '../../functions/fault';

describe('Fault', () => {
  test.each([
    ['event-invalid', 400, 'final'],
    ['route-unknown', 404, 'final'],
    ['envelope-missing', 404, 'final'],
    ['cannot-open', 422, 'final'],
    ['too-large', 413, 'final'],
    ['oss-refused', 502, 'final'],
    ['source-changed', 409, 'redeliver'],
    ['credentials-expired', 503, 'redeliver'],
    ['time-limit', 503, 'redeliver'],
    ['config-invalid', 500, 'redeliver'],
    ['internal', 500, 'redeliver'],
    ['oss-unavailable', 503, 'retry'],
    ['stored-differs', 502, 'retry'],
    ['oss-throttled', 503, 'slow-down'],
    ['kms-throttled', 503, 'slow-down'],
  ] as const)('%s answers %d, its remedy: %s', (code, status, remedy) => {
    expect(new Fault(code, 'Cannot')).toMatchObject({ code, status, remedy, detail: undefined });
  });

  test('its name is its code: Function Compute reports it as the type of the error', () => {
    expect(new Fault('source-symlink', 'Cannot').name).toBe('source-symlink');
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
    expect(fault).toMatchObject({ code: 'internal', status: 500, remedy: 'redeliver' });
    expect(`${fault.message} ${fault.detail}`).not.toMatch(/Signature|secret/);
    expect(fault.detail).toMatch(/^TypeError at .*fault\.test\.ts:\d+:\d+\)?$/);
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
