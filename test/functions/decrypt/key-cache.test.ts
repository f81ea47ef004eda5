import { describe, expect, test, vi } from 'vitest';
import type { Keys } from '../../../functions/cloud/keys';
import { createKeyCache } from '../../../functions/decrypt/key-cache';
import type { WrappedKey } from '../../../functions/envelope/envelope';

function wrapped(ciphertextBlob: string, keyArn = 'acs:kms:cn-hangzhou:1:key/k'): WrappedKey {
  return { provider: 'alibaba-kms', region: 'cn-hangzhou', keyArn, keyVersionId: 'v', ciphertextBlob };
}
const context = { app: 'oss-envelope', facts: 'f' } as const;

/** A cache over a KMS that numbers its answers, and a clock of the test's own. */
function bench(seconds: number) {
  const clock = { now: 0 };
  const answered: Buffer[] = [];
  const keys = {
    async unwrap() {
      answered.push(Buffer.alloc(32, answered.length + 1));
      return { dataKey: Buffer.from(answered.at(-1) ?? ''), kmsRequestId: String(answered.length) };
    },
  } as unknown as Keys;
  return { clock, answered, dataKeys: createKeyCache(() => clock.now).over(keys, seconds) };
}

test('without seconds KMS is asked each time', async () => {
  const { dataKeys, answered } = bench(0);
  await dataKeys.unwrap(wrapped('a'), context);
  expect(await dataKeys.unwrap(wrapped('a'), context)).toMatchObject({ kmsRequestId: '2', cached: false });
  expect(answered).toHaveLength(2);
});

describe('with 10 seconds', () => {
  test('the same wrapped key and context has the same data key, under the request id of the first', async () => {
    const { dataKeys, clock } = bench(10);
    const first = await dataKeys.unwrap(wrapped('a'), context);
    expect(first).toMatchObject({ kmsRequestId: '1', cached: false });
    first.dataKey.fill(0);
    clock.now = 9_999;
    const again = await dataKeys.unwrap(wrapped('a'), context);
    expect(again).toMatchObject({ kmsRequestId: '1', cached: true });
    expect(again.dataKey.equals(Buffer.alloc(32, 1))).toBe(true);
  });

  test('then KMS is asked again', async () => {
    const { dataKeys, clock } = bench(10);
    await dataKeys.unwrap(wrapped('a'), context);
    clock.now = 10_000;
    expect(await dataKeys.unwrap(wrapped('a'), context)).toMatchObject({ kmsRequestId: '2', cached: false });
  });

  test.each([
    ['blob', wrapped('b'), context],
    ['key', wrapped('a', 'acs:kms:cn-hangzhou:1:key/other'), context],
    ['facts', wrapped('a'), { ...context, facts: 'g' }],
  ])('for another %s, too', async (_, wrappedKey, otherContext) => {
    const { dataKeys } = bench(10);
    await dataKeys.unwrap(wrapped('a'), context);
    expect(await dataKeys.unwrap(wrappedKey, otherContext)).toMatchObject({
      kmsRequestId: '2',
      cached: false,
    });
  });

  test('sixteen are kept: the oldest goes', async () => {
    const { dataKeys } = bench(10);
    for (let n = 0; n < 17; n++) await dataKeys.unwrap(wrapped(String(n)), context);
    expect((await dataKeys.unwrap(wrapped('1'), context)).cached).toBe(true);
    expect((await dataKeys.unwrap(wrapped('0'), context)).cached).toBe(false);
  });

  test('what is kept is wiped: when its time is over, and when another takes its place', async () => {
    vi.useFakeTimers();
    const kept: Buffer[] = [];
    const from = Buffer.from.bind(Buffer);
    const { dataKeys } = bench(10);
    const spy = vi.spyOn(Buffer, 'from').mockImplementation(((...given: [Buffer]) => {
      const copy = from(...given);
      if (copy.length === 32) kept.push(copy);
      return copy;
    }) as typeof Buffer.from);
    for (let n = 0; n < 17; n++) await dataKeys.unwrap(wrapped(String(n)), context);
    spy.mockRestore();
    const copies = kept.filter((_, index) => index % 2 === 1);
    const wiped = () => copies.filter((copy) => copy.equals(Buffer.alloc(32))).length;
    expect(wiped()).toBe(1);
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(wiped()).toBe(17);
  });
});
