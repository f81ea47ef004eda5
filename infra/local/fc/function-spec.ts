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
  /** ARN of the role whose STS credentials an invocation gets */
  role?: string;
  environmentVariables: Record<string, string>;
  /** `timeout` in seconds */
  initializer?: { handler: string; timeout: number };
  /** retries of an asynchronous invocation after a function error, 0..8 */
  maxAsyncRetryAttempts: number;
  ossTriggers: OssTrigger[];
  httpTrigger?: HttpTrigger;
};

/** `events` as the trigger names them: `oss:ObjectCreated:PutObject`, `oss:ObjectCreated:*`. */
export type OssTrigger = { name: string; bucket: string; events: string[]; prefix: string; suffix: string };

export type HttpTrigger = { name: string; authType: 'anonymous' | 'function'; methods: string[] };
