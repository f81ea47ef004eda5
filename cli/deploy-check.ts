import { resolve } from 'node:path';
import { tableOf } from './deploy-check/check';
import { checkDeployment } from './deploy-check/parts';
import { runProgram } from './terminal/program';

/** Proves of infra/template.yaml and s.yaml what can be proven without an account; exit code 1 where anything is wrong. */
async function main(): Promise<number> {
  const results = await checkDeployment(resolve(__dirname, 'runtime.js'));
  console.log(tableOf(results));
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

runProgram(main);
