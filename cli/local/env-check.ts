import { readVariables } from '../session/variables';
import { runProgram } from '../terminal/program';

/** What `s deploy` does first: names in .env that nobody asks for are refused, and nothing is deployed. */
async function main(): Promise<number> {
  readVariables();
  return 0;
}

runProgram(main);
