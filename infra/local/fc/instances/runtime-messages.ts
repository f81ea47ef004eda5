/** What passes between the local cloud and the process that a function instance runs in. */
export type InvokeMessage = {
  type: 'invoke';
  event: Uint8Array;
  /** The cloud's time, ms: functions live in it. */
  now: number;
  handler: string;
  /** called once in a process, before its first invocation */
  initializer?: string;
  context: ContextFacts;
};

/** The last thing that a process is told, where the function has a preStop hook. */
export type StopMessage = { type: 'stop'; handler: string; context: ContextFacts };

/** The context of FC's nodejs20 without its logger. */
export type ContextFacts = {
  requestId: string;
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken: string };
  function: { name: string; handler: string; memory: number; timeout: number };
  service: { logProject: string; logStore: string; qualifier: string; versionId: string };
  region: string;
  accountId: string;
};

/** `FunctionResourceExhausted`: no instance was free in time, nothing ran. */
type FailureKind =
  | 'HandledInvocationError'
  | 'UnhandledInvocationError'
  | 'InitializationError'
  | 'FunctionResourceExhausted';
export type Failure = { kind: FailureKind; errorType: string; errorMessage: string; stackTrace: string[] };

/**
 * `maxMemoryBytes`: the most memory the process has held so far. `cpuMs`: the CPU time that it took since the last
 * such message, its start included in the first.
 */
export type RuntimeMessage =
  | { type: 'initialized' }
  | { type: 'log'; line: string }
  | { type: 'stopped' }
  | { type: 'result'; body: Uint8Array; maxMemoryBytes: number; cpuMs: number }
  | { type: 'failure'; failure: Failure; maxMemoryBytes: number; cpuMs: number };
