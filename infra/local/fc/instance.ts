import { type ChildProcess, fork } from 'node:child_process';
import { converse } from './conversation';
import type { FunctionSpec } from './function-spec';
import type { Failure, InvokeMessage } from './runtime-messages';

/** What one invocation came to. `body` is the handler's answer, or the error JSON when there is a `failure`. */
export type Invocation = {
  requestId: string;
  durationMs: number;
  maxMemoryBytes: number;
  logs: string[];
  body: Buffer;
  failure?: Failure;
};

export type Instance = {
  /** One at a time. Never rejects. `canceled` kills the process, as a caller who hangs up does in the cloud. */
  invoke(message: InvokeMessage, canceled?: AbortSignal): Promise<Invocation>;
  isAlive(): boolean;
  kill(): Promise<void>;
};

export type InstanceOptions = {
  /** path of the bundled runtime.ts */
  runtime: string;
  accountId: string;
  region: string;
  now: () => number;
  /** FC_INSTANCE_ID */
  instanceId: string;
};

/** Starts the process of one function instance; it sees the function's variables and FC's own, nothing else. */
export function startInstance(spec: FunctionSpec, options: InstanceOptions): Instance {
  const child = fork(options.runtime, [], {
    cwd: spec.code,
    env: environment(spec, options),
    execArgv: [],
    serialization: 'advanced',
    silent: true,
  });
  const lastWords = tail(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.on('error', () => child.kill('SIGKILL'));

  async function invoke(message: InvokeMessage, canceled?: AbortSignal): Promise<Invocation> {
    const started = options.now();
    const { logs, body, failure, maxMemoryBytes } = await converse(child, {
      spec,
      message,
      closed,
      canceled,
    });
    if (failure && isFatal(failure)) await kill();
    if (failure?.errorType === 'ProcessExited') logs.push(...lastWords());
    const { requestId } = message.context;
    const done = { requestId, durationMs: options.now() - started, maxMemoryBytes, logs };
    return failure ? { ...done, body: errorBody(failure), failure } : { ...done, body };
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await closed;
  }

  return { invoke, isAlive: () => child.connected && child.exitCode === null, kill };
}

function isFatal({ kind, errorType }: Failure): boolean {
  return kind === 'InitializationError' || ['FunctionTimeout', 'InvocationCanceled'].includes(errorType);
}

/** An invocation that no process served. */
export function failed(requestId: string, error: Pick<Failure, 'errorType' | 'errorMessage'>): Invocation {
  const failure: Failure = { kind: 'UnhandledInvocationError', ...error, stackTrace: [] };
  return { requestId, durationMs: 0, maxMemoryBytes: 0, logs: [], body: errorBody(failure), failure };
}

// The error JSON that InvokeFunction answers.
function errorBody({ errorMessage, errorType, stackTrace }: Failure): Buffer {
  return Buffer.from(JSON.stringify({ errorMessage, errorType, stackTrace }));
}

function environment(spec: FunctionSpec, options: InstanceOptions): Record<string, string> {
  return {
    ...spec.environmentVariables,
    FC_ACCOUNT_ID: options.accountId,
    FC_FUNC_CODE_PATH: spec.code,
    FC_FUNCTION_HANDLER: spec.handler,
    FC_FUNCTION_MEMORY_SIZE: String(spec.memorySize),
    FC_FUNCTION_NAME: spec.name,
    FC_INSTANCE_ID: options.instanceId,
    FC_REGION: options.region,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: 'UTC',
  };
}

// What Node itself writes as it dies (an uncaught error's stack) does not pass the runtime's captured streams.
function tail({ stdout, stderr }: ChildProcess): () => string[] {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-8192);
    });
  }
  return () => text.split('\n').filter((line) => line !== '');
}
