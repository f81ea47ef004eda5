/** The operations of API version 2023-03-30 that an operator may try, by method and path below the version. */
export const OPERATIONS: readonly [method: string, path: RegExp, operation: string][] = [
  ['POST', /^functions\/([^/]+)\/invocations$/, 'InvokeFunction'],
  ['GET', /^functions$/, 'ListFunctions'],
  ['POST', /^functions$/, 'CreateFunction'],
  ['GET', /^functions\/([^/]+)$/, 'GetFunction'],
  ['PUT', /^functions\/([^/]+)$/, 'UpdateFunction'],
  ['DELETE', /^functions\/([^/]+)$/, 'DeleteFunction'],
  ['GET', /^functions\/([^/]+)\/code$/, 'GetFunctionCode'],
  ['GET', /^functions\/([^/]+)\/instances$/, 'ListInstances'],
  ['GET', /^functions\/([^/]+)\/triggers$/, 'ListTriggers'],
  ['POST', /^functions\/([^/]+)\/triggers$/, 'CreateTrigger'],
  ['GET', /^functions\/([^/]+)\/triggers\/[^/]+$/, 'GetTrigger'],
  ['PUT', /^functions\/([^/]+)\/triggers\/[^/]+$/, 'UpdateTrigger'],
  ['DELETE', /^functions\/([^/]+)\/triggers\/[^/]+$/, 'DeleteTrigger'],
  ['GET', /^functions\/([^/]+)\/async-invoke-config$/, 'GetAsyncInvokeConfig'],
  ['PUT', /^functions\/([^/]+)\/async-invoke-config$/, 'PutAsyncInvokeConfig'],
  ['DELETE', /^functions\/([^/]+)\/async-invoke-config$/, 'DeleteAsyncInvokeConfig'],
  ['GET', /^async-invoke-configs$/, 'ListAsyncInvokeConfigs'],
  ['GET', /^functions\/([^/]+)\/async-tasks$/, 'ListAsyncTasks'],
  ['GET', /^functions\/([^/]+)\/async-tasks\/[^/]+$/, 'GetAsyncTask'],
  ['PUT', /^functions\/([^/]+)\/async-tasks\/[^/]+\/stop$/, 'StopAsyncTask'],
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

export type ApiCall = { operation: string; functionName?: string };

/** Which operation a request is for; undefined when it is none. `path` as sent, without the query. */
export function apiCall(method: string, path: string): ApiCall | undefined {
  const [, rest] = /^\/2023-03-30\/(.*)$/.exec(path) ?? [];
  if (rest === undefined) return undefined;
  const found = OPERATIONS.find(([own, pattern]) => own === method && pattern.test(rest));
  if (!found) return undefined;
  const [, pattern, operation] = found;
  const name = pattern.exec(rest)?.[1];
  return { operation, ...(name !== undefined && { functionName: decoded(name) }) };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
