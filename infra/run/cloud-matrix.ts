import { parseArgs } from 'node:util';
import { runProgram } from '../../cli/terminal/program';
import { parseArguments } from './arguments';
import { conformanceClaims, matrixRows } from './matrix/rows';
import { tableOf, withoutTest } from './matrix/table';

/** `npm run cloud:matrix`, which starts it in the repository. */
async function main(): Promise<number> {
  parseArguments(() => parseArgs({ options: {} }), 'Usage: npm run cloud:matrix');
  const rows = matrixRows(process.cwd());
  console.log(tableOf(rows, conformanceClaims(process.cwd())));
  return withoutTest(rows).length > 0 ? 1 : 0;
}

runProgram(main);
