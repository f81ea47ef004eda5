import type { Cell } from './cells';
import type { Kind } from './kinds';
import type { Matrix } from './matrix';
import type { SweepCell } from './sweep-matrix';

/** What `npm run crash-matrix` prints above its tables. */
export const LEGEND = `Each row is a call that a function makes, each column what happens to it once.
sealed: by the run itself · retried: the call, within the run · redelivered: by Function Compute, to a further run
dead letter: and sealed once it was replayed · swept: sealed because the sweep found it
at once, next time: by which sweep everything was found · -: nothing that a column to the left has not shown`;

/** What a cell came to, in a word or two. */
function wordOf(cell: Cell | undefined): string {
  if (!cell) return '-';
  const { violations, rest, letters, retries } = cell;
  if (violations.size > 0 || !rest) return 'VIOLATION';
  if (rest.by === 'sweep') return 'swept';
  if (letters > 0) return 'dead letter';
  if (rest.runs > 1) return 'redelivered';
  return retries > 0 ? 'retried' : 'sealed';
}

/** A row for each call of each scenario, a column for each kind of trouble. */
export function tableOf({ calls, cells }: Matrix, kinds: Kind[]): string {
  const rows = calls.flatMap(({ scenario, names }) =>
    names.map((call, index) => [
      index === 0 ? scenario.name : '',
      `${index + 1} ${call}`,
      ...kinds.map((kind) => wordOf(cells.find(isAt(scenario.name, call, kind)))),
    ]),
  );
  return aligned([['scenario', 'call', ...kinds], ...rows]);
}

/** The same of the sweep. */
export function sweepTableOf(cells: SweepCell[], kinds: Kind[]): string {
  const calls = [...new Set(cells.map(({ call }) => call))].filter((call) => call !== undefined);
  const rows = calls.map((call, index) => [
    index === 0 ? 'sweep' : '',
    `${index + 1} ${call}`,
    ...kinds.map((kind) => sweepWordOf(cells.find((cell) => cell.call === call && cell.kind === kind))),
  ]);
  return aligned([['', 'call', ...kinds], ...rows]);
}

function sweepWordOf(cell: SweepCell | undefined): string {
  if (!cell) return '-';
  if (cell.violations.length > 0) return 'VIOLATION';
  return cell.isFoundAtOnce ? 'at once' : 'next time';
}

/** One line for each, with the place where it came about. */
export function violationsOf({ cells, violations }: Matrix): string[] {
  const found = cells.flatMap(({ scenario, trouble, ...cell }) =>
    [...cell.violations].map((what) => `${scenario.name}, ${placeOf(trouble ?? {})} (${cell.key}): ${what}`),
  );
  return [...found, ...violations];
}

/** The same of the sweep. */
export function sweepViolationsOf(cells: SweepCell[]): string[] {
  return cells.flatMap((cell) => cell.violations.map((what) => `sweep, ${placeOf(cell)}: ${what}`));
}

function placeOf({ call, kind }: { call?: string | undefined; kind?: Kind | undefined }): string {
  return call === undefined ? 'clean' : `${call} ${kind}`;
}

function isAt(name: string, call: string, kind: Kind) {
  return ({ scenario, trouble }: Cell) =>
    scenario.name === name && trouble?.call === call && trouble.kind === kind;
}

function aligned(rows: string[][]): string {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = rows[0]?.map((_, column) => widthOf(column)) ?? [];
  const lines = rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}
