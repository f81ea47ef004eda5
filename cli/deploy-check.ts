import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { tableOf } from './deploy-check/check';
import { checkDeployment } from './deploy-check/parts';
import { parse } from './local/arguments';
import { runProgram } from './terminal/program';

/** Proves of infra/template.yaml and s.yaml what can be proven without an account; exit code 1 where anything is wrong. */
async function main(): Promise<number> {
  parse(() => parseArgs({ options: {} }), 'Usage: npm run deploy:check');
  const results = await checkDeployment(resolve(__dirname, 'runtime.js'));
  console.log(tableOf(results));
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

runProgram(main);
