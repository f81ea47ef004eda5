import timers from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRetry } from '../../../functions/cloud/calls';
import { Fault } from '../../../functions/fault';

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

const retry = createRetry(new AbortController().signal);

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
    const last = new Fault('kms-unavailable', 'Cannot get a data key: busy');
    const action = failing(passing, passing, passing, last);
    await expect(retry(action)).rejects.toBe(last);
    expect(action).toHaveBeenCalledTimes(4);
    expect(timers.setTimeout).toHaveBeenCalledTimes(3);
  });

  test('asked to slow down, it tries up to seven times', async () => {
    const throttled = new Fault('oss-throttled', 'Cannot store the object: slow down');
    const action = failing(...Array.from({ length: 8 }, () => throttled));
    await expect(retry(action)).rejects.toBe(throttled);
    expect(action).toHaveBeenCalledTimes(7);
  });

  test.each([
    lasting,
    new Fault('source-changed', 'Cannot read the object: replaced'),
    new Fault('credentials-expired', 'Cannot read the object: expired'),
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
  test('tells of each further attempt, once the wait for it is over', async () => {
    const onRetry = vi.fn(() => expect(timers.setTimeout).toHaveBeenCalledTimes(onRetry.mock.calls.length));
    const action = failing(passing, passing);
    await createRetry(new AbortController().signal, onRetry)(action);
    expect(onRetry).toHaveBeenCalledTimes(2);
  });
});

describe('past the time limit', () => {
  const late = expect.objectContaining({ code: 'time-limit', remedy: 'redeliver' });

  test('nothing begins', async () => {
    const action = failing();
    await expect(createRetry(AbortSignal.abort())(action)).rejects.toEqual(late);
    expect(action).not.toHaveBeenCalled();
  });

  test('an action under way is not waited for', async () => {
    const limit = new AbortController();
    const never = createRetry(limit.signal)(() => new Promise(() => {}));
    limit.abort();
    await expect(never).rejects.toEqual(late);
  });

  test('a wait for the next attempt is cut short, and there is none', async () => {
    const limit = new AbortController();
    vi.mocked(timers.setTimeout).mockImplementation(() => new Promise(() => limit.abort()));
    const action = failing(passing);
    await expect(createRetry(limit.signal)(action)).rejects.toEqual(late);
    expect(action).toHaveBeenCalledTimes(1);
  });
});
