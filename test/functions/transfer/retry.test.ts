import timers from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../../functions/fault';
import { retry } from '../../../functions/transfer/retry';

const passing = new Fault('oss-unavailable', 'Cannot reach OSS: busy');
const lasting = new Fault('oss-refused', 'Cannot store the object: forbidden');

/** An action that fails with each failure in turn, then returns `done`. */
function failing(...failures: unknown[]) {
  return vi.fn(async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return 'done';
  });
}

beforeEach(() => void vi.spyOn(timers, 'setTimeout').mockImplementation(async () => undefined as never));
afterEach(() => void vi.restoreAllMocks());

describe('retry', () => {
  test.each([0, 1, 2, 3])('%d failures worth a retry are overcome', async (count) => {
    const action = failing(...Array.from({ length: count }, () => passing));
    expect(await retry(action)).toBe('done');
    expect(action).toHaveBeenCalledTimes(count + 1);
    expect(timers.setTimeout).toHaveBeenCalledTimes(count);
  });

  test('the fourth failure is the last, and is the one thrown', async () => {
    const last = new Fault('kms-throttled', 'Cannot get a data key: throttled');
    const action = failing(passing, passing, passing, last);
    await expect(retry(action)).rejects.toBe(last);
    expect(action).toHaveBeenCalledTimes(4);
    expect(timers.setTimeout).toHaveBeenCalledTimes(3);
  });

  test.each([
    lasting,
    new Error('unforeseen'),
    'no error',
    new Fault('cannot-open', 'Cannot open the envelope'),
  ])('%s is thrown at once', async (failure) => {
    const action = failing(failure);
    await expect(retry(action)).rejects.toBe(failure);
    expect(action).toHaveBeenCalledTimes(1);
    expect(timers.setTimeout).not.toHaveBeenCalled();
  });

  test('a failure not worth a retry ends the attempts that another began', async () => {
    const action = failing(passing, lasting);
    await expect(retry(action)).rejects.toBe(lasting);
    expect(action).toHaveBeenCalledTimes(2);
  });

  test.each([
    { random: 0, waits: [0, 0, 0] },
    { random: 0.5, waits: [100, 200, 400] },
    { random: 1, waits: [200, 400, 800] },
  ])('waits double, with full jitter: random=$random', async ({ random, waits }) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    await retry(failing(passing, passing, passing));
    expect(vi.mocked(timers.setTimeout).mock.calls.map(([ms]) => ms)).toEqual(waits);
  });
});
