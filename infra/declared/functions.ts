import { dirname, resolve as resolvePath } from 'node:path';
import { readAsyncInvoke } from './async-invoke';
import type { FunctionSpec, LifecycleHook } from './function-spec';
import { at, checkKeys, isGiven, map, oneOf, type Place, text, truth, wholeNumber, wrong } from './place';
import { roleArn } from './role-arn';
import { readResources, type Sources } from './s-yaml';
import { readTriggers, refuseOverlaps } from './triggers';

/** What the fc3 component's schema knows. `s deploy` sends a misspelt property nowhere and says nothing. */
const PROPS =
  `annotations asyncInvokeConfig code concurrencyConfig cpu customContainerConfig customDNS customRuntimeConfig
  description diskSize enableLongLiving endpoint environmentVariables functionName gpuConfig handler
  instanceConcurrency instanceIsolationMode instanceLifecycleConfig internetAccess layers logConfig memorySize
  nasConfig ossMountConfig provisionConfig region resourceGroupId role runtime scalingConfig sessionAffinity
  sessionAffinityConfig supplement tags timeout tracingConfig triggers vpcBinding vpcConfig`.split(/\s+/);

const MAX_ENVIRONMENT_BYTES = 4096;

/**
 * The functions that a Serverless Devs file declares with the component fc3. Throws an Error that names the path in the
 * file for whatever is missing, misspelt or not offered by the local cloud.
 */
export async function readFunctions(file: string, sources: Sources): Promise<FunctionSpec[]> {
  const home = { folder: dirname(file), accountId: sources.accountId };
  const specs = (await readResources(file, 'fc3', sources)).map(({ props }) => readFunction(props, home));
  refuseOverlaps(specs);
  return specs;
}

type Surroundings = { folder: string; accountId: string };

function readFunction(props: Place, { folder, accountId }: Surroundings): FunctionSpec {
  checkKeys(props, PROPS);
  oneOf(at(props, 'runtime'), ['nodejs20']);
  const role = at(props, 'role');
  const home = { accountId, region: text(at(props, 'region')) };
  return {
    name: matching(at(props, 'functionName'), /^[A-Za-z_][\w-]{0,63}$/),
    handler: handler(at(props, 'handler')),
    code: resolvePath(folder, text(at(props, 'code'))),
    timeout: isGiven(at(props, 'timeout')) ? wholeNumber(at(props, 'timeout'), [1, 86_400]) : 3,
    memorySize: memorySize(props),
    ...plainFacts(props),
    ...(isGiven(role) && { role: roleArn(text(role), accountId) }),
    environmentVariables: environment(at(props, 'environmentVariables')),
    ...lifecycleHooks(at(props, 'instanceLifecycleConfig')),
    ...concurrency(at(props, 'concurrencyConfig')),
    asyncInvoke: readAsyncInvoke(at(props, 'asyncInvokeConfig'), home),
    ...readTriggers(at(props, 'triggers'), home),
  };
}

// What only GetFunction tells.
function plainFacts(props: Place): Pick<FunctionSpec, 'cpu' | 'description' | 'diskSize' | 'internetAccess'> {
  const [cpu, description] = [at(props, 'cpu').value, at(props, 'description')];
  const [diskSize, internetAccess] = [at(props, 'diskSize'), at(props, 'internetAccess')];
  return {
    ...(typeof cpu === 'number' && { cpu }),
    ...(isGiven(description) && { description: text(description) }),
    ...(isGiven(diskSize) && { diskSize: wholeNumber(diskSize, [512, 10_240]) }),
    ...(isGiven(internetAccess) && { internetAccess: truth(internetAccess) }),
  };
}

function matching(place: Place, pattern: RegExp): string {
  const value = text(place);
  if (!pattern.test(value)) throw wrong(place, `is not of the form ${pattern.source}`);
  return value;
}

function handler(place: Place): string {
  return matching(place, /^[\w/-]+\.\w+$/);
}

function memorySize(props: Place): number {
  const memory = at(props, 'memorySize');
  const megabytes = wholeNumber(memory, [128, 32_768]);
  if (megabytes % 64 !== 0) throw wrong(memory, 'is not a multiple of 64');
  const cpu = at(props, 'cpu');
  if (!isGiven(cpu)) return megabytes;
  const ratio = typeof cpu.value === 'number' ? megabytes / 1024 / cpu.value : 0;
  if (ratio < 1 || ratio > 4)
    throw wrong(cpu, 'is not between 1 vCPU per GB and 1 vCPU per 4 GB of memorySize');
  return megabytes;
}

function environment(place: Place): Record<string, string> {
  if (!isGiven(place)) return {};
  const variables = Object.keys(map(place)).map((name) => {
    if (name.startsWith('FC_')) throw wrong(at(place, name), 'has a name reserved for Function Compute');
    return [name, text(at(place, name))] as const;
  });
  const bytes = Buffer.byteLength(variables.flat().join(''));
  if (bytes > MAX_ENVIRONMENT_BYTES) throw wrong(place, `is larger than ${MAX_ENVIRONMENT_BYTES} bytes`);
  return Object.fromEntries(variables);
}

function lifecycleHooks(lifecycle: Place): Pick<FunctionSpec, 'initializer' | 'preStop'> {
  if (!isGiven(lifecycle)) return {};
  checkKeys(lifecycle, ['initializer', 'preStop']);
  const [initializer, preStop] = [at(lifecycle, 'initializer'), at(lifecycle, 'preStop')];
  return {
    ...(isGiven(initializer) && { initializer: lifecycleHook(initializer, 300) }),
    ...(isGiven(preStop) && { preStop: lifecycleHook(preStop, 90) }),
  };
}

function lifecycleHook(place: Place, mostSeconds: number): LifecycleHook {
  const timeout = at(place, 'timeout');
  const seconds = isGiven(timeout) ? wholeNumber(timeout, [1, mostSeconds]) : 3;
  return { handler: handler(at(place, 'handler')), timeout: seconds };
}

function concurrency(config: Place): Pick<FunctionSpec, 'reservedConcurrency'> {
  if (!isGiven(config)) return {};
  checkKeys(config, ['reservedConcurrency']);
  return { reservedConcurrency: wholeNumber(at(config, 'reservedConcurrency'), [1, 100_000]) };
}
