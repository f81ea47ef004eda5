import { parseArgs } from 'node:util';
import { readVariables } from '../../cli/session/variables';
import { runProgram } from '../../cli/terminal/program';
import { parseArguments } from './arguments';

/** What `s deploy` does first: names in .env that nobody asks for are refused, and nothing is deployed. */
async function main(): Promise<number> {
  parseArguments(() => parseArgs({ options: {} }), 'Usage: npm run env:check');
  readVariables();
  return 0;
}

runProgram(main);
