import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runProgram } from '../../cli/terminal/program';
import { parseArguments } from '../run/arguments';
import { tableOf } from './check';
import { checkDeployment } from './parts';

/** Proves of s.yaml and its two templates what can be proven without an account; exit code 1 where anything is wrong. */
async function main(): Promise<number> {
  parseArguments(() => parseArgs({ options: {} }), 'Usage: npm run deploy:check');
  const results = await checkDeployment(resolve(__dirname, 'runtime.js'));
  console.log(tableOf(results));
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

runProgram(main);
