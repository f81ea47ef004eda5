import { checkConfig, checkShapes, checkSize, checkVariables, eachFunction } from './function-checks';
import type { Question } from './question';
import {
  checkAlarms,
  checkArns,
  checkBuild,
  checkFlow,
  checkFunctionNames,
  checkGuard,
  checkLogs,
  checkParameters,
  checkRoles,
  checkWiring,
} from './stack-checks';

/** One for each thing that `s deploy` does not look at, or looks at when it is too late. */
export const questions: Question[] = [
  { name: 'every key is known and has a value of its kind', run: checkShapes },
  { name: 'memory and CPU go together', run: eachFunction(checkSize) },
  {
    name: 'environment variables are texts, of 4 KB at most, and no secret',
    run: eachFunction(checkVariables),
  },
  { name: 'the functions start with them', run: checkConfig },
  { name: 'roles are of the template, and the same in lower case', run: checkRoles },
  { name: 'every ARN is of the account and the region', run: checkArns },
  { name: 'triggers and destinations are of what the template makes', run: checkWiring },
  { name: 'the log is the one that the template makes', run: checkLogs },
  { name: 'alarms are about what the template makes', run: checkAlarms },
  { name: 'policies speak of the functions that there are', run: checkFunctionNames },
  { name: 'each stack gets its parameters, and no other', run: checkParameters },
  {
    name: 'the stack is made first and never removed; one resource a layer; alarms are deployed by themselves',
    run: checkFlow,
  },
  { name: 'no function is deployed with an expression for a value', run: checkGuard },
  {
    name: 'the functions are built, and the names in .env looked at, before they are deployed',
    run: checkBuild,
  },
];
