import { randomUUID } from 'node:crypto';
import type { FunctionSpec } from '../../../declared/function-spec';
import type { AccessKeys } from '../../ram/credentials';
import { failed, type Instance, type InstanceOptions, type Invocation, startInstance } from './instance';
import { newRequestId } from './request-id';
import type { ContextFacts, InvokeMessage } from './runtime-messages';

export type InstancesOptions = Omit<InstanceOptions, 'instanceId' | 'credentials'> & {
  accessKeys: AccessKeys;
  /** the most processes of one function on this machine; more invocations wait */
  limit: number;
};

export type InvocationRequest = {
  requestId: string;
  event: Uint8Array;
  canceled?: AbortSignal;
  /** ms: where no instance is free by then it fails with FunctionResourceExhausted, and nothing has run */
  before?: number;
  /** Told when an instance has it. */
  onStart?: () => void;
};

export type Instances = {
  /** Never rejects: what goes wrong is the Invocation's `failure`. */
  invoke(request: InvocationRequest): Promise<Invocation>;
  /** Whether the cloud would have no instance left for one more request: concurrencyConfig, or 300 a region. */
  isFull(): boolean;
  /** Ends every process at once, as a host that fails does; invocations under way end with a failure. */
  kill(): Promise<void>;
  /** Lets go of the instances that have been idle for long. */
  tick(): Promise<void>;
  /** Lets go of every instance; invocations under way end with a failure. */
  close(): Promise<void>;
};

type Idle = { instance: Instance; since: number };

const CANCELED = { errorType: 'InvocationCanceled', errorMessage: 'Invocation canceled by client' };
const EXHAUSTED = {
  kind: 'FunctionResourceExhausted',
  errorType: 'FunctionResourceExhausted',
  errorMessage: 'No instance was free in time',
} as const;
const CLOSED = { errorType: 'FunctionRemoved', errorMessage: 'The function is being removed' };
/** Docs: "Instance scaling limits"; the quota centre's default. */
const REGION_LIMIT = 300;
/** "After some time without a request", say the docs. */
const IDLE_MS = 5 * 60_000;

/** The instances of one function: each serves one request at a time, idle ones are frozen and used again. */
export function createInstances(spec: FunctionSpec, options: InstancesOptions): Instances {
  const most = spec.reservedConcurrency ?? REGION_LIMIT;
  const slots = semaphore(Math.min(options.limit, most));
  const living = new Set<Instance>();
  let idle: Idle[] = [];
  let requests = 0;
  let isClosed = false;

  async function invoke(request: InvocationRequest): Promise<Invocation> {
    requests++;
    await slots.acquire();
    try {
      return refusalOf(request) ?? (await invokeNow(request));
    } finally {
      slots.release();
      requests--;
    }
  }

  function refusalOf({ requestId, before, canceled }: InvocationRequest): Invocation | undefined {
    if (isClosed) return failed(requestId, CLOSED);
    if (canceled?.aborted) return failed(requestId, CANCELED);
    const isLate = before !== undefined && options.now() > before;
    return isLate ? failed(requestId, EXHAUSTED) : undefined;
  }

  async function invokeNow({ requestId, event, canceled, onStart }: InvocationRequest): Promise<Invocation> {
    onStart?.();
    const instance = idleInstance() ?? start();
    const context = contextOf(requestId);
    const invocation = await instance.invoke(message(spec, { event, context, now: options.now() }), canceled);
    if (instance.isAlive()) idle.push({ instance, since: options.now() });
    else living.delete(instance);
    return invocation;
  }

  function idleInstance(): Instance | undefined {
    for (let last = idle.pop(); last; last = idle.pop()) {
      if (last.instance.isAlive()) return last.instance;
      living.delete(last.instance);
    }
    return undefined;
  }

  function start(): Instance {
    const credentials = roleCredentials(spec, options.accessKeys);
    const instance = startInstance(spec, { ...options, instanceId: `c-${randomUUID()}`, credentials });
    living.add(instance);
    return instance;
  }

  function contextOf(requestId: string): ContextFacts {
    return contextFacts(spec, { requestId, options });
  }

  async function kill(): Promise<void> {
    await Promise.all([...living].map((instance) => instance.kill()));
  }

  async function tick(): Promise<void> {
    const isOld = ({ since }: Idle) => options.now() - since >= IDLE_MS;
    const old = idle.filter(isOld);
    idle = idle.filter((one) => !isOld(one));
    await stop(old);
  }

  async function stop(leaving: Idle[]): Promise<void> {
    const ends = leaving.map(({ instance }) => instance.stop(contextOf(newRequestId(options.now()))));
    await Promise.all(ends);
    for (const { instance } of leaving) living.delete(instance);
  }

  async function close(): Promise<void> {
    isClosed = true;
    await stop(idle.splice(0));
    await kill();
  }

  return { invoke, isFull: () => requests >= most, kill, tick, close };
}

function message(
  spec: FunctionSpec,
  { event, context, now }: Pick<InvokeMessage, 'event' | 'context' | 'now'>,
): InvokeMessage {
  const { handler, initializer } = spec;
  return {
    type: 'invoke',
    event,
    now,
    context,
    handler,
    ...(initializer && { initializer: initializer.handler }),
  };
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
