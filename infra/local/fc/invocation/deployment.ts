import { join } from 'node:path';
import type { FunctionSpec } from '../../../declared/function-spec';
import type { Hooks } from '../../gateway/hooks';
import { failed, type Invocation } from '../instances/instance';
import { createInstances, type Instances, type InvocationRequest } from '../instances/instances';
import { isMemorySeen } from '../instances/memory';
import { report } from '../instances/report';
import { newRequestId } from '../instances/request-id';
import { createActivity } from './activity';
import type { AsyncOptions, DeploymentOptions } from './deployment-options';
import { createDestinations } from './destinations';
import type { Outcome } from './outcome';
import { type AttemptLimits, newQueue } from './queue';
import type { PendingEvent } from './queued-events';
import { createSenders } from './senders';
import { createTasks, type Task, type Tasks } from './tasks';
import { createTimers } from './timers';

export type { AsyncOptions, DeploymentOptions } from './deployment-options';

/** The functions that are deployed, and the two ways to invoke one. */
export type Deployment = Pick<
  DeploymentOptions,
  'accessKeys' | 'accountId' | 'authorize' | 'region' | 'now' | 'clientTime'
> & {
  functions: Map<string, FunctionSpec>;
  /** Public URLs, by function name. */
  urls: Map<string, string>;
  /** ms */
  deployedAt: number;
  tasks: Pick<Tasks, 'find' | 'of'>;
  /** Ends a task where it is: what runs is killed. One that has ended stays as it is. */
  stopTask(task: Pick<Task, 'requestId'>): Promise<void>;
  hooks: Hooks;
  /** Synchronous. Never rejects: what goes wrong is the Invocation's `failure`. */
  invoke(functionName: string, request: InvocationRequest): Promise<Invocation>;
  /** Whether one more synchronous invocation is throttled. */
  isFull(functionName: string): boolean;
  /** Asynchronous: durable when the promise resolves. False for a task id that is taken. */
  enqueue(functionName: string, event: Buffer, options?: AsyncOptions): Promise<boolean>;
  /** Resolves when no event is due and no function runs. */
  idle(): Promise<void>;
  /** Starts what is due by now: timers, delayed events, retries; lets go of what is old. */
  tick(): Promise<void>;
  /** Ends the function's processes at once. */
  kill(functionName: string): Promise<void>;
  /** Lets go of every instance; pending events stay on disk for the next deployment. */
  close(): Promise<void>;
};

export async function createDeployment(
  specs: FunctionSpec[],
  options: DeploymentOptions,
): Promise<Deployment> {
  const { data, accessKeys, accountId, region, now, onReport, retryDelayMs = 1000 } = options;
  if (!isMemorySeen) process.emitWarning('On this system no function is held to its memorySize');
  const functions = new Map(specs.map((spec) => [spec.name, spec]));
  const configOf = (name: string) => functions.get(name)?.asyncInvoke;
  const instances = createAll(specs, options);
  const activity = createActivity();
  const tasks = await createTasks(join(data, 'fc', 'tasks'), now);
  const senders = createSenders({ ...options, functions, enqueue });
  const queue = await newQueue({
    folder: join(data, 'fc', 'queue'),
    activity,
    now,
    retryDelayMs,
    invoke: invokePending,
    configOf,
    note,
    settle: createDestinations({ ...options, configOf, ...senders }),
  });
  const timers = createTimers(specs, { now, enqueue });

  async function invoke(name: string, request: InvocationRequest): Promise<Invocation> {
    const known = instances.get(name);
    const invocation = known ? await activity.during(known.invoke(request)) : notFound(name, request);
    onReport?.(report(name, invocation));
    return invocation;
  }

  function invokePending(pending: PendingEvent, limits: AttemptLimits): Promise<Invocation> {
    const { functionName, requestId, event } = pending;
    const onStart = () => void note(pending, { status: 'Running' });
    return invoke(functionName, { requestId, event: Buffer.from(event, 'base64'), ...limits, onStart });
  }

  async function note(
    { functionName, taskId }: PendingEvent,
    { status, settlement }: Outcome,
  ): Promise<void> {
    const error = settlement?.invocation.failure?.kind;
    if (taskId !== undefined) await tasks.note({ functionName, taskId }, { status, ...(error && { error }) });
  }

  async function enqueue(functionName: string, event: Buffer, asked: AsyncOptions = {}) {
    const { delayMs = 0, requestId = newRequestId(now()), taskId = requestId } = asked;
    const payload = event.toString('base64');
    const isTask = configOf(functionName)?.isTask ?? false;
    if (isTask && !(await tasks.claim({ functionName, taskId, requestId, payload }))) return false;
    const dueAt = now() + delayMs;
    const pending = { requestId, functionName, event: payload, enqueuedAt: dueAt, ...(isTask && { taskId }) };
    await queue.enqueue(delayMs > 0 ? { ...pending, dueAt } : pending);
    return true;
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
    accessKeys,
    accountId,
    region,
    now,
    functions,
    tasks,
    hooks: options.hooks ?? {},
    deployedAt: now(),
    urls: new Map<string, string>(),
    ...(options.authorize && { authorize: options.authorize }),
    ...(options.clientTime && { clientTime: options.clientTime }),
    invoke,
    enqueue,
    idle: activity.idle,
    tick,
    close,
    stopTask: ({ requestId }) => queue.stop(requestId),
    isFull: (name) => instances.get(name)?.isFull() ?? false,
    kill: async (name) => instances.get(name)?.kill(),
  };
}

function createAll(specs: FunctionSpec[], options: DeploymentOptions): Map<string, Instances> {
  const { instanceLimit: limit = 4 } = options;
  return new Map(specs.map((spec) => [spec.name, createInstances(spec, { ...options, limit })]));
}

// An event of an earlier deployment whose function is gone.
function notFound(name: string, { requestId }: InvocationRequest): Invocation {
  return failed(requestId, {
    errorType: 'FunctionNotFound',
    errorMessage: `function '${name}' does not exist`,
  });
}
