import { join } from 'node:path';
import type { Hooks } from '../hooks';
import type { Authorize } from '../ram/authorize';
import type { AccessKeys } from '../ram/credentials';
import { openActivity } from './activity';
import { refusedInvocation } from './authorize';
import { type Delivery, openDestinations } from './destinations';
import type { FunctionSpec } from './function-spec';
import { failed, type Invocation } from './instance';
import { type Instances, type InvocationRequest, openInstances } from './instances';
import { isMemorySeen } from './memory';
import { openQueue, type PendingEvent } from './queue';
import { type Report, report } from './report';
import { newRequestId } from './request-id';
import { openTasks } from './tasks';
import { openTimers } from './timers';

export type DeploymentOptions = {
  /** The cloud's data folder; the queue is kept in `<data>/fc`. */
  data: string;
  /** path of the bundled runtime.ts */
  runtime: string;
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
  clientTime?: (time: number, resolution?: number) => number;
  /** processes of one function at a time, default 4; what is over it waits */
  instanceLimit?: number;
  /** before the first retry of an asynchronous invocation, default 1000 */
  retryDelayMs?: number;
  onReport?: (report: Report) => void;
  hooks?: Hooks;
  /** MNS, for destinations. `principal` is the function role's, absent for a function without a role. */
  sendMessage?: (message: { queue: string; body: string; principal?: string }) => Promise<unknown>;
  /** Told what came of a destination. By default a failure is a warning of the process. */
  onDelivery?: (delivery: Delivery) => void;
  authorize?: Authorize;
};

/** Milliseconds from now, and the id that a function in task mode takes once. */
export type AsyncOptions = { delayMs?: number; taskId?: string };

/** The functions that are deployed, and the two ways to invoke one. */
export type Deployment = Pick<
  DeploymentOptions,
  'accessKeys' | 'accountId' | 'authorize' | 'region' | 'now' | 'clientTime'
> & {
  functions: Map<string, FunctionSpec>;
  hooks: Hooks;
  /** Synchronous. Never rejects: what goes wrong is the Invocation's `failure`. */
  invoke(functionName: string, request: InvocationRequest): Promise<Invocation>;
  /** Whether one more synchronous invocation is throttled. */
  isFull(functionName: string): boolean;
  /** Asynchronous: durable when the promise resolves. Undefined for a task id that is taken. */
  enqueue(
    functionName: string,
    event: Buffer,
    options?: AsyncOptions,
  ): Promise<{ requestId: string } | undefined>;
  /** Resolves when no event is due and no function runs. */
  idle(): Promise<void>;
  /** Starts what is due by now: timers, delayed events, retries; lets go of what is old. */
  tick(): Promise<void>;
  /** Ends the function's processes at once. */
  kill(functionName: string): Promise<void>;
  /** Lets go of every instance; pending events stay on disk for the next deployment. */
  close(): Promise<void>;
};

export async function openDeployment(specs: FunctionSpec[], options: DeploymentOptions): Promise<Deployment> {
  const { data, accessKeys, accountId, region, now, onReport, retryDelayMs = 1000 } = options;
  if (!isMemorySeen) process.emitWarning('On this system no function is held to its memorySize');
  const functions = new Map(specs.map((spec) => [spec.name, spec]));
  const configOf = (name: string) => functions.get(name)?.asyncInvoke;
  const instances = openAll(specs, options);
  const activity = openActivity();
  const tasks = await openTasks(join(data, 'fc', 'tasks'), now);
  const settle = openDestinations({ ...options, configOf, sendMessage, invokeLater });
  const queue = await openQueue({
    ...{ folder: join(data, 'fc', 'queue'), activity, now, retryDelayMs },
    ...{ invoke: invokePending, configOf, settle },
  });
  const timers = openTimers(specs, { now, enqueue });

  async function invoke(name: string, request: InvocationRequest): Promise<Invocation> {
    const known = instances.get(name);
    const invocation = known ? await activity.during(known.invoke(request)) : notFound(name, request);
    onReport?.(report(name, invocation));
    return invocation;
  }

  function invokePending({ functionName, requestId, event }: PendingEvent): Promise<Invocation> {
    return invoke(functionName, { requestId, event: Buffer.from(event, 'base64') });
  }

  async function enqueue(functionName: string, event: Buffer, { delayMs = 0, taskId }: AsyncOptions = {}) {
    const requestId = newRequestId(now());
    const isTask = configOf(functionName)?.isTask ?? false;
    if (isTask && !(await tasks.claim(functionName, taskId ?? requestId))) return undefined;
    const dueAt = now() + delayMs;
    const pending = { requestId, functionName, event: event.toString('base64'), enqueuedAt: dueAt };
    await queue.enqueue(delayMs > 0 ? { ...pending, dueAt } : pending);
    return { requestId };
  }

  function principalOf(functionName: string): { principal?: string } {
    const role = functions.get(functionName)?.role;
    return role === undefined ? {} : { principal: accessKeys.assumeRole(role).arn };
  }

  async function sendMessage(functionName: string, name: string, body: string): Promise<void> {
    if (!options.sendMessage) throw new Error('this cloud has no MNS');
    await options.sendMessage({ queue: name, body, ...principalOf(functionName) });
  }

  async function invokeLater(functionName: string, target: string, event: string): Promise<void> {
    if (!functions.has(target)) throw new Error(`function '${target}' does not exist`);
    const { principal } = principalOf(functionName);
    const refusal = principal && refusedInvocation(options, { functionName: target, principal });
    if (refusal) throw new Error(refusal);
    await enqueue(target, Buffer.from(event));
  }

  async function tick(): Promise<void> {
    await timers.tick();
    queue.tick();
    await tasks.tick();
    await Promise.all([...instances.values()].map((opened) => opened.tick()));
  }

  async function close(): Promise<void> {
    queue.close();
    await Promise.all([...instances.values()].map((opened) => opened.close()));
    await activity.idle();
  }

  return {
    ...{ accessKeys, accountId, region, now, functions, hooks: options.hooks ?? {} },
    ...(options.authorize && { authorize: options.authorize }),
    ...(options.clientTime && { clientTime: options.clientTime }),
    ...{ invoke, enqueue, idle: activity.idle, tick, close },
    isFull: (name) => instances.get(name)?.isFull() ?? false,
    kill: async (name) => instances.get(name)?.kill(),
  };
}

function openAll(specs: FunctionSpec[], options: DeploymentOptions): Map<string, Instances> {
  const { instanceLimit: limit = 4 } = options;
  return new Map(specs.map((spec) => [spec.name, openInstances(spec, { ...options, limit })]));
}

// An event of an earlier deployment whose function is gone.
function notFound(name: string, { requestId }: InvocationRequest): Invocation {
  return failed(requestId, {
    errorType: 'FunctionNotFound',
    errorMessage: `function '${name}' does not exist`,
  });
}
