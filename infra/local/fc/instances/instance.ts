import { type ChildProcess, fork } from 'node:child_process';
import type { FunctionSpec } from '../../../declared/function-spec';
import { converse } from './conversation';
import { keep } from './keeper';
import type { ContextFacts, Failure, InvokeMessage, StopMessage } from './runtime-messages';
import { sayStop } from './stop';

/** What one invocation came to. `body` is the handler's answer, or the error JSON when there is a `failure`. */
export type Invocation = {
  requestId: string;
  durationMs: number;
  maxMemoryBytes: number;
  /** CPU time that the process took meanwhile, and before it where this is its first; 0 when it did not end */
  cpuMs: number;
  logs: string[];
  body: Buffer;
  failure?: Failure;
};

export type Instance = {
  /**
   * One at a time; frozen afterwards, so that nothing of the function runs between two. Never rejects. `canceled`
   * kills the process, as a caller who hangs up does in the cloud.
   */
  invoke(message: InvokeMessage, canceled?: AbortSignal): Promise<Invocation>;
  isAlive(): boolean;
  /** Runs the function's preStop hook if it has one, whatever comes of it, and ends the process. */
  stop(context: ContextFacts): Promise<void>;
  /** Ends the process at once. */
  kill(): Promise<void>;
};

export type InstanceOptions = {
  /** path of the bundled runtime.ts */
  runtime: string;
  /** what runs it; this Node by default */
  node?: string;
  accountId: string;
  region: string;
  now: () => number;
  /** FC_INSTANCE_ID */
  instanceId: string;
  /** ALIBABA_CLOUD_*: of the role, as they are when the instance starts */
  credentials: ContextFacts['credentials'];
};

/** Starts the process of one function instance; it sees the function's variables and FC's own, nothing else. */
export function startInstance(spec: FunctionSpec, options: InstanceOptions): Instance {
  const child = fork(options.runtime, [], {
    cwd: spec.code,
    env: environment(spec, options),
    execArgv: [],
    ...(options.node !== undefined && { execPath: options.node }),
    serialization: 'advanced',
    silent: true,
  });
  keep(child);
  const lastWords = tail(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.on('error', () => child.kill('SIGKILL'));
  // A signal takes a moment to arrive; a freeze is one too, so that child.killed does not tell.
  let isKilled = false;
  const isAlive = () => !isKilled && child.connected && child.exitCode === null && child.signalCode === null;

  async function invoke(message: InvokeMessage, canceled?: AbortSignal): Promise<Invocation> {
    const started = options.now();
    thaw(child);
    const { isFatal, ...end } = await converse(child, { spec, message, closed, canceled });
    if (isFatal) await kill();
    else freeze(child);
    if (end.failure?.errorType === 'FunctionUnhandledError') end.logs.push(...lastWords());
    const { requestId } = message.context;
    return withErrorBody({ requestId, durationMs: options.now() - started, ...end });
  }

  async function stop(context: ContextFacts): Promise<void> {
    if (spec.preStop && isAlive()) {
      const message: StopMessage = { type: 'stop', handler: spec.preStop.handler, context };
      thaw(child);
      await sayStop(child, { message, timeout: spec.preStop.timeout, closed });
    }
    await kill();
  }

  async function kill(): Promise<void> {
    isKilled = true;
    child.kill('SIGKILL');
    await closed;
  }

  return { invoke, isAlive, stop, kill };
}

/** An invocation that no process served. */
export function failed(
  requestId: string,
  error: Pick<Failure, 'errorType' | 'errorMessage'> & Partial<Failure>,
): Invocation {
  const failure: Failure = { kind: 'UnhandledInvocationError', stackTrace: [], ...error };
  return withErrorBody({
    requestId,
    durationMs: 0,
    maxMemoryBytes: 0,
    cpuMs: 0,
    logs: [],
    body: Buffer.alloc(0),
    failure,
  });
}

// The error JSON that InvokeFunction answers; a process that died is told with what it had used by then.
function withErrorBody(invocation: Invocation): Invocation {
  const { failure, durationMs, maxMemoryBytes } = invocation;
  if (!failure) return invocation;
  const { errorMessage, errorType, stackTrace } = failure;
  const used = `(duration: ${durationMs}ms, maxMemoryUsage: ${(maxMemoryBytes / 1024 ** 2).toFixed(2)}MB)`;
  const isDeath = errorMessage.startsWith('Process exited');
  const told = { errorMessage: isDeath ? `${errorMessage} ${used}` : errorMessage, errorType, stackTrace };
  return { ...invocation, body: Buffer.from(JSON.stringify(told)), failure: { ...failure, ...told } };
}

// Windows has no way to stop a process: its instances go on between two invocations.
function freeze(child: ChildProcess): void {
  if (process.platform !== 'win32') child.kill('SIGSTOP');
}

function thaw(child: ChildProcess): void {
  if (process.platform !== 'win32') child.kill('SIGCONT');
}

function environment(spec: FunctionSpec, options: InstanceOptions): Record<string, string> {
  const { accessKeyId, accessKeySecret, securityToken } = options.credentials;
  return {
    ...spec.environmentVariables,
    ...(accessKeyId && {
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    }),
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
