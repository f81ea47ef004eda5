import { describe, expect, test } from 'vitest';
import { isDue, nextTry } from '../../../functions/sweep/due';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const times = { grace: 15 * MINUTE, interval: 15 * MINUTE };

test.each([
  [0, 15 * MINUTE],
  [899, 15 * MINUTE],
  [900, 30 * MINUTE],
  [2 * HOUR, 4 * HOUR],
  [23 * HOUR, DAY],
  [DAY, 2 * DAY],
  [2.5 * DAY, 3 * DAY],
])('at the age of %i s the next try is at %i s, and then it is due', (age, next) => {
  expect(nextTry(age, times.grace)).toBe(next);
  expect(isDue(next, times)).toBe(true);
});

describe('by the timer', () => {
  test.each([
    [0, false],
    [899, false],
    [900, true],
    [1799, true],
    [1800, true],
    [2699, true],
    [2700, false],
    [3599, false],
    [3600, true],
    [4499, true],
    [4500, false],
    [2 * HOUR, true],
    [2 * HOUR + 900, false],
    [16 * HOUR, true],
    [16 * HOUR + 900, false],
    [DAY - 1, false],
    [DAY, true],
    [DAY + 899, true],
    [DAY + 900, false],
    [2 * DAY, true],
    [2 * DAY - 1, false],
    [365 * DAY + 1, true],
  ])('at an age of %i s: %s', (age, due) => {
    expect(isDue(age, times)).toBe(due);
  });
});

test.each([1, 60, 899])(
  'however the timer falls (%i s after the upload), each doubling is tried once',
  (first) => {
    const tried: number[] = [];
    for (let age = first; age < 10 * DAY; age += times.interval) if (isDue(age, times)) tried.push(age);
    const ages = [
      900,
      1800,
      3600,
      7200,
      14_400,
      28_800,
      57_600,
      ...Array.from({ length: 9 }, (_, day) => (day + 1) * DAY),
    ];
    expect(tried.map((age, index) => age - (ages[index] ?? 0)).every((late) => late >= 0 && late < 900)).toBe(
      true,
    );
    expect(tried).toHaveLength(ages.length);
  },
);

test.each([
  [899, false],
  [900, true],
  [2700, true],
  [DAY - 1, true],
  [400 * DAY, true],
])('without an interval everything older than the grace time is due: %i s, %s', (age, due) => {
  expect(isDue(age, { grace: 900, interval: undefined })).toBe(due);
});

test('a grace time of more than a day is respected', () => {
  const slow = { grace: 2 * DAY + HOUR, interval: 900 };
  expect([2 * DAY, 2 * DAY + HOUR, 3 * DAY].map((age) => isDue(age, slow))).toEqual([false, true, true]);
});
