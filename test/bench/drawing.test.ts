import { XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { figure } from './figure';
import { curveOf } from './growth/curve';
import { drawn } from './svg';
import { table } from './table';

const curve = curveOf(
  'keys',
  'keys in the inbox, swept',
  [1, 10, 100].map((x) => ({
    ...{ x, seconds: figure('s', [x]), cpuSeconds: figure('s', [x]), peakMB: figure('MB', [50]) },
  })),
);

test('the drawing is XML; a straight curve lies on the diagonal, what is flat on the axis', () => {
  const svg = drawn([curve]);
  expect(XMLValidator.validate(svg)).toBe(true);
  expect(svg).toContain('time ~ n^1.00, memory ~ n^0.00');
  expect(svg).toContain('points="52.0,188.0 168.0,111.0 284.0,34.0"');
  expect(svg).toContain('points="52.0,188.0 168.0,188.0 284.0,188.0"');
});

test('a table has numbers to the right', () => {
  expect(
    table(
      ['what', 'n'],
      [
        ['a', '1'],
        ['bcd', '100'],
      ],
    ),
  ).toBe(['what    n', '────  ───', 'a       1', 'bcd   100'].join('\n'));
});
