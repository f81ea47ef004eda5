/** What Function Compute passes to a Node.js handler beside the event (FC 3.0, "Context"). */
export type Context = {
  requestId: string;
  region: string;
  accountId: string;
  /** STS credentials of the function's role; new ones may come with each invocation. */
  credentials: Credentials;
  /** `timeout` in seconds. */
  function: { name: string; timeout: number };
};

/** Who asks, and in which region. */
export type Identity = Pick<Context, 'credentials' | 'region'>;

export type Credentials = { accessKeyId: string; accessKeySecret: string; securityToken?: string };

/** Left at the end of a run, for giving up in order: a tenth of its time, 30 seconds at most. */
const LAST_MS = 30_000;

/** Aborts shortly before Function Compute would kill this run. */
export function timeLimit({ function: { timeout } }: Context): AbortSignal {
  const ms = timeout * 1000;
  return AbortSignal.timeout(ms - Math.min(LAST_MS, ms / 10));
}
