import type { ApiOperation } from './api/operation';
import { getAsyncInvokeConfig } from './operations/getAsyncInvokeConfig';
import { getAsyncTask } from './operations/getAsyncTask';
import { getFunction } from './operations/getFunction';
import { getTrigger } from './operations/getTrigger';
import { invokeFunction } from './operations/invokeFunction';
import { listAsyncInvokeConfigs } from './operations/listAsyncInvokeConfigs';
import { listAsyncTasks } from './operations/listAsyncTasks';
import { listFunctions } from './operations/listFunctions';
import { listTriggers } from './operations/listTriggers';
import { stopAsyncTask } from './operations/stopAsyncTask';

/**
 * The operations of API version 2023-03-30 that an operator may try, by method and path below the version. Functions
 * and triggers come from s.yaml: what would change them has no `run` and is NotImplemented.
 */
export const OPERATIONS: readonly [method: string, path: RegExp, operation: string, run?: ApiOperation][] = [
  ['POST', /^functions\/([^/]+)\/invocations$/, 'InvokeFunction', invokeFunction],
  ['GET', /^functions$/, 'ListFunctions', listFunctions],
  ['POST', /^functions$/, 'CreateFunction'],
  ['GET', /^functions\/([^/]+)$/, 'GetFunction', getFunction],
  ['PUT', /^functions\/([^/]+)$/, 'UpdateFunction'],
  ['DELETE', /^functions\/([^/]+)$/, 'DeleteFunction'],
  ['GET', /^functions\/([^/]+)\/code$/, 'GetFunctionCode'],
  ['GET', /^functions\/([^/]+)\/instances$/, 'ListInstances'],
  ['GET', /^functions\/([^/]+)\/triggers$/, 'ListTriggers', listTriggers],
  ['POST', /^functions\/([^/]+)\/triggers$/, 'CreateTrigger'],
  ['GET', /^functions\/([^/]+)\/triggers\/([^/]+)$/, 'GetTrigger', getTrigger],
  ['PUT', /^functions\/([^/]+)\/triggers\/([^/]+)$/, 'UpdateTrigger'],
  ['DELETE', /^functions\/([^/]+)\/triggers\/([^/]+)$/, 'DeleteTrigger'],
  ['GET', /^functions\/([^/]+)\/async-invoke-config$/, 'GetAsyncInvokeConfig', getAsyncInvokeConfig],
  ['PUT', /^functions\/([^/]+)\/async-invoke-config$/, 'PutAsyncInvokeConfig'],
  ['DELETE', /^functions\/([^/]+)\/async-invoke-config$/, 'DeleteAsyncInvokeConfig'],
  ['GET', /^async-invoke-configs$/, 'ListAsyncInvokeConfigs', listAsyncInvokeConfigs],
  ['GET', /^functions\/([^/]+)\/async-tasks$/, 'ListAsyncTasks', listAsyncTasks],
  ['GET', /^functions\/([^/]+)\/async-tasks\/([^/]+)$/, 'GetAsyncTask', getAsyncTask],
  ['PUT', /^functions\/([^/]+)\/async-tasks\/([^/]+)\/stop$/, 'StopAsyncTask', stopAsyncTask],
  ['GET', /^functions\/([^/]+)\/concurrency$/, 'GetConcurrencyConfig'],
  ['PUT', /^functions\/([^/]+)\/concurrency$/, 'PutConcurrencyConfig'],
  ['GET', /^functions\/([^/]+)\/provision-config$/, 'GetProvisionConfig'],
  ['GET', /^functions\/([^/]+)\/versions$/, 'ListFunctionVersions'],
  ['POST', /^functions\/([^/]+)\/versions$/, 'PublishFunctionVersion'],
  ['GET', /^functions\/([^/]+)\/aliases$/, 'ListAliases'],
  ['GET', /^layers$/, 'ListLayers'],
  ['GET', /^custom-domains$/, 'ListCustomDomains'],
  ['GET', /^regions$/, 'DescribeRegions'],
];

export type ApiCall = { operation: string; functionName?: string; name?: string; run?: ApiOperation };

/** Which operation a request is for; undefined when it is none. `path` as sent, without the query. */
export function apiCall(method: string, path: string): ApiCall | undefined {
  const [, rest] = /^\/2023-03-30\/(.*)$/.exec(path) ?? [];
  if (rest === undefined) return undefined;
  const found = OPERATIONS.find(([own, pattern]) => own === method && pattern.test(rest));
  if (!found) return undefined;
  const [, pattern, operation, run] = found;
  const [, functionName, name] = pattern.exec(rest) ?? [];
  return {
    operation,
    ...(functionName !== undefined && { functionName: decoded(functionName) }),
    ...(name !== undefined && { name: decoded(name) }),
    ...(run && { run }),
  };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
