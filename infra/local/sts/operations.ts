import { StsError } from './errors';
import { getCallerIdentity } from './operations/getCallerIdentity';
import type { Operation } from './operations/operation';

/** API version 2015-04-01; without a function: known by name and not offered. */
export const OPERATIONS: Record<string, Operation | undefined> = {
  AssumeRole: undefined,
  AssumeRoleWithOIDC: undefined,
  AssumeRoleWithSAML: undefined,
  GetCallerIdentity: getCallerIdentity,
};

/** Throws `UnsupportedOperation` for what is not offered here, `InvalidAction.NotFound` for what there is not. */
export function findOperation(action: string | undefined): Operation {
  if (!action) throw new StsError('MissingParameter', '(Action)');
  if (!Object.hasOwn(OPERATIONS, action)) throw new StsError('InvalidAction.NotFound');
  const operation = OPERATIONS[action];
  if (!operation) throw new StsError('UnsupportedOperation', `The local cloud does not offer ${action}.`);
  return operation;
}
