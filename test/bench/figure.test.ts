import { expect, test } from 'vitest';
import { exponent, figure, quantile, ratio } from './figure';

test('the median lies in the middle, the spread is half of what is between the ends', () => {
  expect(figure('s', [3, 1, 2])).toEqual({ unit: 's', rounds: [3, 1, 2], median: 2, spread: 0.5 });
  expect(figure('s', [1, 3]).median).toBe(2);
  expect(figure('s', [0]).spread).toBe(0);
});

test('a ratio is taken round by round', () => {
  expect(ratio(figure('s', [2, 9]), figure('s', [1, 3])).rounds).toEqual([2, 3]);
});

test('n=101,share=0.99', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect(quantile(values, 0.99)).toBe(99);
});

const CURVES: [number, (x: number) => number][] = [
  [0, () => 7],
  [1, (x) => 3 * x],
  [2, (x) => x * x],
];
test.each(CURVES)('the exponent of a curve is %d', (power, y) => {
  expect(exponent([1, 10, 100].map((x) => ({ x, y: y(x) })))).toBeCloseTo(power, 9);
});
