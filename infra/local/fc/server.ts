import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionSpec, OssTrigger } from '../../declared/function-spec';
import { readFunctions } from '../../declared/functions';
import { type OssEventRecord, triggerFires } from '../../declared/triggers';
import type { Call } from '../gateway/hooks';
import type { Listener } from '../gateway/listener';
import { startApi } from './api';
import { startHttpTrigger } from './http-trigger';
import { uploadCode } from './instances/uploaded-code';
import { refusedRole, refusedTrigger } from './invocation/authorize';
import { createDeployment, type Deployment, type DeploymentOptions } from './invocation/deployment';

export type { Report } from './instances/report';

export type Fc = {
  /** of the API */
  endpoint: string;
  functions: Map<string, { name: string; httpUrl?: string }>;
  /** Queues the event for every function whose OSS trigger it fires; durable when the promise resolves. */
  deliver(event: OssEventRecord): Promise<void>;
  /** Resolves when no event is due and no function runs. */
  idle(): Promise<void>;
  /** Starts what is due by now: timers, delayed events, retries. Does not wait for it. */
  tick(): Promise<void>;
  /** Ends the processes of a function at once, those that serve a request too, as a host that fails does. */
  kill(functionName: string): Promise<void>;
  close(): Promise<void>;
};

/** For `${env('X')}` in s.yaml; where it depends on it, made from the API's endpoint. */
export type Environment = Record<string, string> | ((fcEndpoint: string) => Record<string, string>);

export type FcOptions = DeploymentOptions & {
  sYaml: string;
  env: Environment;
  /** What other resources of s.yaml answer to `info`. */
  infos?: Record<string, Record<string, string>>;
  /** `http`: by function name; any free port where none is given */
  ports?: { api?: number; http?: Record<string, number> };
};

/**
 * Deploys the functions of an s.yaml: their instances, triggers and API. Rejects with an Error that names what is
 * wrong in s.yaml or which handler is not there, and with EADDRINUSE for a port in use.
 */
export async function startFc(options: FcOptions): Promise<Fc> {
  let open: (deployment: Deployment) => void = () => {};
  const deployed = new Promise<Deployment>((resolve) => {
    open = resolve;
  });
  const api = await startApi(deployed, options.ports?.api);
  try {
    const env = typeof options.env === 'function' ? options.env(api.url) : options.env;
    const specs = await readFunctions(options.sYaml, { ...options, env });
    for (const spec of specs) await checkCode(spec);
    const { node = process.env.FUNCTIONS_NODE || process.execPath } = options;
    await checkNode(node);
    for (const spec of specs) checkRole(spec, options);
    const uploaded = await uploadCode(specs, options);
    const deployment = await createDeployment(uploaded.specs, {
      ...options,
      node,
      runtime: uploaded.runtime,
    });
    open(deployment);
    return await startTriggers({ specs, deployment, api }, options);
  } catch (error) {
    await api.close();
    throw error;
  }
}

type Deployed = { specs: FunctionSpec[]; deployment: Deployment; api: Listener };

async function startTriggers({ specs, deployment, api }: Deployed, options: FcOptions): Promise<Fc> {
  const listeners = [api];

  async function deliver(event: OssEventRecord): Promise<void> {
    const payload = Buffer.from(JSON.stringify({ events: [event] }));
    for (const { name, ossTriggers } of specs) {
      const trigger = ossTriggers.find((one) => triggerFires(one, event));
      if (!trigger) continue;
      const letIn = isLetIn(name, trigger);
      if (letIn) await deployment.enqueue(name, payload);
      options.hooks?.done?.(invocationBy(trigger, name), { status: letIn ? 202 : 403, ms: 0 });
    }
  }

  // OSS has nobody to tell that it may not invoke the function.
  function isLetIn(functionName: string, { name, invocationRole: role }: OssTrigger): boolean {
    if (role === undefined) return true;
    const refusal = refusedTrigger(options, functionName, { role, service: 'oss.aliyuncs.com' });
    if (refusal) process.emitWarning(`Trigger ${name} of ${functionName} delivers nothing: ${refusal}`);
    return refusal === undefined;
  }

  async function close(): Promise<void> {
    await Promise.all(listeners.map((listener) => listener.close()));
    await deployment.close();
  }

  try {
    const functions: Fc['functions'] = new Map();
    for (const spec of specs) {
      const listener = await startTrigger(spec, { deployment, port: options.ports?.http?.[spec.name] });
      if (listener) listeners.push(listener);
      if (listener) deployment.urls.set(spec.name, listener.url);
      functions.set(spec.name, { name: spec.name, ...(listener && { httpUrl: listener.url }) });
    }
    const { idle, tick, kill } = deployment;
    return { endpoint: api.url, functions, deliver, idle, tick, kill, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The call that OSS makes when an event fires a trigger. */
function invocationBy({ invocationRole }: OssTrigger, functionName: string): Call {
  const headers = { 'x-fc-invocation-type': 'Async' };
  const principal = invocationRole ?? 'oss.aliyuncs.com';
  return { service: 'fc', operation: 'InvokeFunction', functionName, query: {}, headers, principal };
}

type TriggerHome = { deployment: Deployment; port: number | undefined };

async function startTrigger({ name, httpTrigger }: FunctionSpec, { deployment, port }: TriggerHome) {
  if (!httpTrigger) return undefined;
  const options = { functionName: name, trigger: httpTrigger, ...(port !== undefined && { port }) };
  return startHttpTrigger(options, deployment);
}

function checkRole({ name, role }: FunctionSpec, options: FcOptions): void {
  const refusal = role && refusedRole(options, { role, service: 'fc.aliyuncs.com' });
  if (refusal) throw new Error(`Cannot deploy ${name}: ${refusal}`);
}

async function checkNode(path: string): Promise<void> {
  await access(path, constants.X_OK).catch(() => {
    throw new Error(`Cannot run functions by ${path} (FUNCTIONS_NODE): it is no program that is there`);
  });
}

async function checkCode({ name, code, handler }: FunctionSpec): Promise<void> {
  const file = join(code, `${handler.split('.')[0]}`);
  const isThere = await Promise.any([access(`${file}.js`), access(`${file}.mjs`)]).then(
    () => true,
    () => false,
  );
  if (!isThere) throw new Error(`Cannot deploy ${name}: there is no ${file}.js and no ${file}.mjs`);
}
