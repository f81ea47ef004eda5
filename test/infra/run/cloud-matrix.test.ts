import { describe, expect, test } from 'vitest';
import { testFile } from '../../../infra/run/matrix/claims';
import { localOperations } from '../../../infra/run/matrix/operations';
import { conformanceClaims, matrixRows } from '../../../infra/run/matrix/rows';
import { tableOf, withoutTest } from '../../../infra/run/matrix/table';

const root = process.cwd();
const rows = matrixRows(root);
const table = tableOf(rows, conformanceClaims(root));

describe('the matrix of the local cloud', () => {
  test('every implemented operation has a test', () => {
    expect(withoutTest(rows).map(({ service, operation }) => `${service} ${operation}`)).toEqual([]);
  });

  test('every operation is named once, with its state', () => {
    const lines = table.split('\n');
    for (const { service, operation, isImplemented } of localOperations()) {
      const state = isImplemented ? 'implemented' : 'NotImplemented';
      const own = lines.filter((line) => line.startsWith(`${service.padEnd(8)}${operation} `));
      expect(
        own.map((line) => line.includes(` ${state} `)),
        operation,
      ).toEqual([true]);
    }
  });

  test('it fits 100 columns', () => {
    expect(table.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('every claim of the conformance suite carries its witness', () => {
    const claims = conformanceClaims(root);
    expect(claims.length).toBeGreaterThan(60);
    expect(claims.filter(({ witness }) => !witness).map(({ text }) => text.slice(0, 80))).toEqual([]);
  });

  test('an implemented operation without a test is a warning', () => {
    const operation = { service: 'OSS', operation: 'PutNothing', isImplemented: true } as const;
    const text = tableOf([{ ...operation, isIn: () => false, claims: [] }], []);
    expect(text).toMatch(/^OSS +PutNothing +implemented +- +- +- +! no test$/m);
    expect(text).toContain('Warning: 1 implemented');
  });
});

test('a claim has its own mark, or that of its row, or that of the describe around it', () => {
  const { claims, prelude } = testFile(
    'some',
    [
      "import { test } from 'vitest';",
      'const table = [];',
      "describe('all [documented]', () => {",
      "  test('one', () => {});",
      "  test.each([\n    [1],\n  ])(\n    '%i [assumed]',\n    () => {},\n  );",
      '});',
      `test("two [observed in an official SDK's tests]", () => {});`,
      "test.each([\n  ['a', '[assumed]'],\n  ['b', '[documented]'],\n])('%s %s', () => {});",
      "test('three', () => {});",
    ].join('\n'),
  );
  expect(claims.map(({ witness }) => witness)).toEqual([
    ...['documented', 'assumed', 'observed', 'assumed', 'documented', undefined],
  ]);
  expect(prelude.trim()).toBe('const table = [];');
});
