import { join } from 'node:path';
import type { AccessKeys } from '../ram/credentials';
import { openActivity } from './activity';
import { deadLetter } from './dead-letter';
import type { FunctionSpec } from './function-spec';
import { failed, type Invocation } from './instance';
import { type Instances, type InvocationRequest, openInstances } from './instances';
import { openQueue, type PendingEvent } from './queue';
import { type Report, report } from './report';
import { newRequestId } from './request-id';

export type DeploymentOptions = {
  /** The cloud's data folder; the queue is kept in `<data>/fc`. */
  data: string;
  /** path of the bundled runtime.ts */
  runtime: string;
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
  /** instances of one function at a time, default 4 */
  instanceLimit?: number;
  /** before the first retry of an asynchronous invocation, default 1000 */
  retryDelayMs?: number;
  onReport?: (report: Report) => void;
};

/** The functions that are deployed, and the two ways to invoke one. */
export type Deployment = Pick<DeploymentOptions, 'accessKeys' | 'accountId' | 'region' | 'now'> & {
  functions: Map<string, FunctionSpec>;
  /** Synchronous. Never rejects: what goes wrong is the Invocation's `failure`. */
  invoke(functionName: string, request: InvocationRequest): Promise<Invocation>;
  /** Asynchronous: durable when the promise resolves. */
  enqueue(functionName: string, event: Buffer): Promise<{ requestId: string }>;
  /** Resolves when no event is pending and no function runs. */
  idle(): Promise<void>;
  /** Kills every instance; pending events stay on disk for the next deployment. */
  close(): Promise<void>;
};

export async function openDeployment(specs: FunctionSpec[], options: DeploymentOptions): Promise<Deployment> {
  const { data, accessKeys, accountId, region, now, onReport, retryDelayMs = 1000 } = options;
  const functions = new Map(specs.map((spec) => [spec.name, spec]));
  const instances = openAll(specs, options);
  const activity = openActivity();
  const queue = await openQueue({
    folder: join(data, 'fc'),
    activity,
    retryDelayMs,
    invoke: invokePending,
    maxRetries: (name) => functions.get(name)?.maxAsyncRetryAttempts ?? 0,
    deadLetter(pending, invocation) {
      const functionArn = `acs:fc:${region}:${accountId}:functions/${pending.functionName}`;
      return deadLetter({ pending, invocation, functionArn, timestamp: now() });
    },
  });

  async function invoke(name: string, request: InvocationRequest): Promise<Invocation> {
    const known = instances.get(name);
    const invocation = known ? await activity.during(known.invoke(request)) : notFound(name, request);
    onReport?.(report(name, invocation));
    return invocation;
  }

  function invokePending({ functionName, requestId, event }: PendingEvent): Promise<Invocation> {
    return invoke(functionName, { requestId, event: Buffer.from(event, 'base64') });
  }

  async function enqueue(functionName: string, event: Buffer): Promise<{ requestId: string }> {
    const requestId = newRequestId(now());
    await queue.enqueue({ requestId, functionName, event: event.toString('base64'), enqueuedAt: now() });
    return { requestId };
  }

  async function close(): Promise<void> {
    queue.close();
    await Promise.all([...instances.values()].map((opened) => opened.close()));
    await activity.idle();
  }

  return { accessKeys, accountId, region, now, functions, invoke, enqueue, idle: activity.idle, close };
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
