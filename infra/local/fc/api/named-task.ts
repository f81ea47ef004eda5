import type { Deployment } from '../invocation/deployment';
import type { Task } from '../invocation/tasks';
import { FcError } from './errors';
import { type ApiRequest, namedFunction } from './operation';

/** The task that a call names. Throws FunctionNotFound, AsyncTaskNotFound. */
export function namedTask(deployment: Deployment, request: ApiRequest): Task {
  const { name: functionName } = namedFunction(deployment, request);
  const task = deployment.tasks.find(functionName, request.name);
  if (task) return task;
  throw new FcError(
    'AsyncTaskNotFound',
    `task '${request.name}' of function '${functionName}' does not exist`,
  );
}
