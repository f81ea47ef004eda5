import type { Destination, FunctionSpec } from '../../../declared/function-spec';
import { functionArn } from '../invocation/arn';
import type { Deployment } from '../invocation/deployment';

/** The asynchronous settings of a function as the API answers them (docs: "AsyncConfig"). */
export function asyncInvokeAnswer(deployment: Deployment, { name, asyncInvoke }: FunctionSpec) {
  const { isTask: asyncTask, maxEventAge, maxRetryAttempts, onFailure, onSuccess } = asyncInvoke;
  const createdTime = new Date(deployment.deployedAt).toISOString();
  const told = (one: Destination) => ({ destination: destinationArn(deployment, one) });
  return {
    functionArn: functionArn(deployment, name),
    qualifier: 'LATEST',
    asyncTask,
    maxAsyncEventAgeInSeconds: maxEventAge,
    maxAsyncRetryAttempts: maxRetryAttempts,
    destinationConfig: {
      ...(onFailure && { onFailure: told(onFailure) }),
      ...(onSuccess && { onSuccess: told(onSuccess) }),
    },
    createdTime,
    lastModifiedTime: createdTime,
  };
}

function destinationArn(deployment: Deployment, { type, name }: Destination): string {
  if (type === 'function') return functionArn(deployment, name);
  return `acs:mns:${deployment.region}:${deployment.accountId}:/queues/${name}/messages`;
}
