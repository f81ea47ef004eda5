import type { FunctionSpec } from '../../../declared/function-spec';
import { functionArn } from '../invocation/arn';
import type { Deployment } from '../invocation/deployment';

/** A function as GetFunction and ListFunctions answer it (docs: "Function", API version 2023-03-30). */
export function functionAnswer(deployment: Deployment, spec: FunctionSpec) {
  const { name: functionName, handler, timeout, memorySize, role, environmentVariables } = spec;
  const { description = '', cpu, diskSize = 512, internetAccess = true } = spec;
  const createdTime = new Date(deployment.deployedAt).toISOString();
  return {
    functionName,
    functionArn: functionArn(deployment, functionName),
    description,
    runtime: 'nodejs20',
    handler,
    timeout,
    memorySize,
    diskSize,
    internetAccess,
    environmentVariables,
    ...(cpu !== undefined && { cpu }),
    ...(role !== undefined && { role }),
    instanceConcurrency: 1,
    instanceLifecycleConfig: lifecycle(spec),
    createdTime,
    lastModifiedTime: createdTime,
    state: 'Active',
    lastUpdateStatus: 'Successful',
  };
}

function lifecycle({ initializer, preStop }: FunctionSpec) {
  return { ...(initializer && { initializer }), ...(preStop && { preStop }) };
}
