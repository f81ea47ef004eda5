import { afterEach, describe, expect, test, vi } from 'vitest';
import { asFault, cannotOpen, Fault } from '../../functions/fault';
import { onlyFaults } from '../../functions/log';

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

  test('it has no frames, which Function Compute would report as well', () => {
    expect(cannotOpen('commitment').stack).toBe('cannot-open: Cannot open the envelope');
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

describe('what leaves a handler', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    [cannotOpen('commitment'), 'cannot-open', 0],
    [new TypeError('secret'), 'internal', 1],
    ['secret', 'internal', 1],
  ])('%s: a Fault; what nobody else can have logged is', async (thrown, code, lines) => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const fault = await onlyFaults('1-2', () => Promise.reject(thrown)).catch((error) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code, stack: `${code}: ${fault.message}` });
    expect(written).toHaveBeenCalledTimes(lines);
    if (lines > 0) expect(String(written.mock.lastCall?.[0])).toMatch(/"requestId":"1-2","code":"internal"/);
    expect(JSON.stringify(written.mock.calls)).not.toContain('secret');
  });

  test('a result', async () => {
    expect(await onlyFaults('1-2', async () => 7)).toBe(7);
  });
});
