import { randomUUID } from 'node:crypto';
import type { AccessKeys } from '../ram/credentials';
import type { FunctionSpec } from './function-spec';
import { failed, type Instance, type InstanceOptions, type Invocation, startInstance } from './instance';
import type { ContextFacts, InvokeMessage } from './runtime-messages';

export type InstancesOptions = Omit<InstanceOptions, 'instanceId'> & {
  accessKeys: AccessKeys;
  /** the most instances of one function at a time; more invocations wait */
  limit: number;
};

export type InvocationRequest = { requestId: string; event: Uint8Array; canceled?: AbortSignal };

export type Instances = {
  /** Never rejects: what goes wrong is the Invocation's `failure`. */
  invoke(request: InvocationRequest): Promise<Invocation>;
  /** Kills every instance; invocations under way end with a failure. */
  close(): Promise<void>;
};

const CLOSED = { errorType: 'FunctionRemoved', errorMessage: 'The function is being removed' };

/** The instances of one function: each serves one request at a time, idle ones are used again. */
export function openInstances(spec: FunctionSpec, options: InstancesOptions): Instances {
  const idle: Instance[] = [];
  const running = new Set<Instance>();
  let isClosed = false;
  const slots = semaphore(options.limit);

  async function invoke(request: InvocationRequest): Promise<Invocation> {
    await slots.acquire();
    try {
      return isClosed ? failed(request.requestId, CLOSED) : await invokeNow(request);
    } finally {
      slots.release();
    }
  }

  async function invokeNow({ requestId, event, canceled }: InvocationRequest): Promise<Invocation> {
    const instance = idleInstance() ?? start();
    const context = contextFacts(spec, { requestId, options });
    const invocation = await instance.invoke(message(spec, { event, context }), canceled);
    if (instance.isAlive()) idle.push(instance);
    else running.delete(instance);
    return invocation;
  }

  function idleInstance(): Instance | undefined {
    for (let instance = idle.pop(); instance; instance = idle.pop()) {
      if (instance.isAlive()) return instance;
      running.delete(instance);
    }
    return undefined;
  }

  function start(): Instance {
    const instance = startInstance(spec, { ...options, instanceId: `c-${randomUUID()}` });
    running.add(instance);
    return instance;
  }

  async function close(): Promise<void> {
    isClosed = true;
    await Promise.all([...running].map((instance) => instance.kill()));
  }

  return { invoke, close };
}

function message(
  spec: FunctionSpec,
  { event, context }: Pick<InvokeMessage, 'event' | 'context'>,
): InvokeMessage {
  const { handler, initializer } = spec;
  return { event, context, handler, ...(initializer && { initializer: initializer.handler }) };
}

type Facts = { requestId: string; options: InstancesOptions };

function contextFacts(spec: FunctionSpec, { requestId, options }: Facts): ContextFacts {
  const { name, handler, memorySize: memory, timeout } = spec;
  const { region, accountId } = options;
  const credentials = roleCredentials(spec, options.accessKeys);
  const service = { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' };
  return { requestId, credentials, function: { name, handler, memory, timeout }, service, region, accountId };
}

// New ones for every invocation: a function that keeps a client from an earlier one is found out. Without a role
// they open nothing.
function roleCredentials({ role }: FunctionSpec, accessKeys: AccessKeys): ContextFacts['credentials'] {
  if (role === undefined) return { accessKeyId: '', accessKeySecret: '', securityToken: '' };
  const { accessKeyId, accessKeySecret, securityToken = '' } = accessKeys.assumeRole(role);
  return { accessKeyId, accessKeySecret, securityToken };
}

function semaphore(slots: number) {
  const waiting: (() => void)[] = [];
  let free = slots;

  async function acquire(): Promise<void> {
    if (free > 0) return void free--;
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function release(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }

  return { acquire, release };
}
