/** A function as s.yaml declares it, every variable resolved. */
export type FunctionSpec = {
  name: string;
  /** `file.method`, for example `index.handler` */
  handler: string;
  /** absolute path of the code folder */
  code: string;
  /** seconds */
  timeout: number;
  /** MB */
  memorySize: number;
  description?: string;
  /** vCPUs */
  cpu?: number;
  /** MB */
  diskSize?: number;
  internetAccess?: boolean;
  /** ARN of the role whose STS credentials an invocation gets */
  role?: string;
  environmentVariables: Record<string, string>;
  initializer?: LifecycleHook;
  preStop?: LifecycleHook;
  /** `concurrencyConfig`: the most instances at a time */
  reservedConcurrency?: number;
  asyncInvoke: AsyncInvoke;
  ossTriggers: OssTrigger[];
  timerTriggers: TimerTrigger[];
  httpTrigger?: HttpTrigger;
};

/** `timeout` in seconds */
export type LifecycleHook = { handler: string; timeout: number };

/** What becomes of an asynchronous invocation (docs: "PutAsyncInvokeConfig"). */
export type AsyncInvoke = {
  /** whether s.yaml says anything of it */
  isConfigured: boolean;
  /** after a function error, 0..8 */
  maxRetryAttempts: number;
  /** older events are dropped unseen, seconds */
  maxEventAge: number;
  /** task mode: a task id is accepted once */
  isTask: boolean;
  onFailure?: Destination;
  onSuccess?: Destination;
};

/** Where the account of an asynchronous invocation goes: a queue of MNS, or another function. */
export type Destination = { type: 'queue' | 'function'; name: string };

/** `events` as the trigger names them: `oss:ObjectCreated:PutObject`, `oss:ObjectCreated:*`. */
export type OssTrigger = {
  name: string;
  bucket: string;
  events: string[];
  prefix: string;
  suffix: string;
  /** ARN of the role as which OSS invokes the function; a role of the account's own that may do so where absent */
  invocationRole?: string;
};

export type TimerTrigger = { name: string; cronExpression: string; isEnabled: boolean; payload: string };

export type HttpTrigger = {
  name: string;
  authType: 'anonymous' | 'function';
  methods: string[];
  /** `disableURLInternet`: nobody is let in by the public URL */
  isInternetDisabled: boolean;
};
