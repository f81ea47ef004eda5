import { parseArgs } from 'node:util';
import { parseArguments } from '../../infra/run/arguments';
import { ALL_KINDS } from './kinds';
import { crashMatrix } from './matrix';
import { SWEEP_KINDS, sweepMatrix } from './sweep-matrix';
import { LEGEND, sweepTableOf, sweepViolationsOf, tableOf, violationsOf } from './table';

/** Prints the crash matrix; exit code 1 where anything that must hold did not. */
async function main(): Promise<void> {
  parseArguments(() => parseArgs({ options: {} }), 'Usage: npm run crash-matrix');
  console.log(LEGEND);
  const began = performance.now();
  const matrix = await crashMatrix();
  console.log(`\n${tableOf(matrix, ALL_KINDS)}`);
  const swept = await sweepMatrix();
  console.log(`\n${sweepTableOf(swept, SWEEP_KINDS)}`);
  const violations = [...violationsOf(matrix), ...sweepViolationsOf(swept)];
  console.log(['', ...violations.map((what) => `VIOLATION: ${what}`)].join('\n'));
  const seconds = Math.round((performance.now() - began) / 1000);
  const cells = matrix.cells.length + swept.length;
  console.log(`${cells} cells, ${violations.length} violations, ${seconds} s`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

void main();
