import type { Deployment } from './deployment';
import { FcError } from './errors';
import { type ApiRequest, namedFunction } from './operation';
import type { Task } from './tasks';

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
