import type { Action } from './action';
import { createAlias } from './actions/createAlias';
import { createKey } from './actions/createKey';
import { decrypt } from './actions/decrypt';
import { describeKey } from './actions/describeKey';
import { generateDataKey } from './actions/generateDataKey';
import { listAliases } from './actions/listAliases';
import { KmsError } from './errors';

const ACTIONS = new Map<string, Action>([
  ['CreateAlias', createAlias],
  ['CreateKey', createKey],
  ['Decrypt', decrypt],
  ['DescribeKey', describeKey],
  ['GenerateDataKey', generateDataKey],
  ['ListAliases', listAliases],
]);

/** The action of that name. Throws UnsupportedOperation, naming it, for every other one. */
export function findAction(name: string): Action {
  const found = ACTIONS.get(name);
  if (!found) throw new KmsError('UnsupportedOperation', { why: `The local cloud has no action ${name}.` });
  return found;
}
