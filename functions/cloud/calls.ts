import { addAbortListener } from 'node:events';
import timers from 'node:timers/promises';
import { Fault } from '../fault';

/** Runs an action again while that is worth it; see createRetry. */
export type Retry = <T>(action: () => Promise<T>) => Promise<T>;

type Call<Client> = <T>(doing: string, action: (client: Client) => Promise<T>) => Promise<T>;

/** How a service is asked. `doing` reads "<verb> <what>"; what fails is thrown as a Fault. */
export type Calls<Client> = {
  /** Runs an action again while that is worth it. */
  call: Call<Client>;
  /** Runs it one time: what somebody else goes on with, or has to be done when the time is over. */
  once: Call<Client>;
  /** With credentials that are good now; one for each call, as ali-oss ends with an abort whatever else a client does. */
  client(): Promise<Client>;
  retry: Retry;
};

export type Service<Client> = Pick<Calls<Client>, 'client' | 'retry'>;

/** `deadlineMs`: of each attempt, where the SDK's own timers do not hold. */
export function callsOf<Client>(
  { client, retry }: Service<Client>,
  faultOf: (doing: string, error: unknown) => Fault,
  deadlineMs?: number,
): Calls<Client> {
  const once: Call<Client> = async (doing, action) => {
    const own = await client();
    return inTime(deadlineMs, action(own)).catch((error) => {
      throw faultOf(doing, error);
    });
  };
  return { client, retry, once, call: (doing, action) => retry(() => once(doing, action)) };
}

async function inTime<T>(ms: number | undefined, action: Promise<T>): Promise<T> {
  if (ms === undefined) return action;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('', 'TimeoutError')), ms);
  });
  return Promise.race([action, deadline]).finally(() => clearTimeout(timer));
}

const ATTEMPTS = { retry: 4, 'slow-down': 7, redeliver: 1, final: 1 };
const FIRST_WAIT_MS = 100;

/**
 * Runs an action up to 4 times in all (7 where the service asks to slow down) while it fails with a Fault worth it,
 * waiting with full jitter in between: at most 200, 400, 800 ms and so on. Throws `time-limit` as soon as `limit`
 * aborts, also in the middle of an action. `onRetry` hears of each further attempt.
 */
export function createRetry(limit: AbortSignal, onRetry: () => void = () => {}): Retry {
  return async (action) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await within(limit, action);
      } catch (error) {
        if (!(error instanceof Fault) || attempt >= ATTEMPTS[error.remedy]) throw error;
      }
      await within(limit, () => timers.setTimeout(Math.random() * FIRST_WAIT_MS * 2 ** attempt));
      onRetry();
    }
  };
}

async function within<T>(limit: AbortSignal, action: () => Promise<T>): Promise<T> {
  if (limit.aborted) throw timeLimit();
  const { promise, reject } = withReject();
  const listener = addAbortListener(limit, () => reject(timeLimit()));
  try {
    return await Promise.race([action(), promise]);
  } finally {
    listener[Symbol.dispose]();
  }
}

function withReject() {
  let reject: (error: Fault) => void = () => {};
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}

function timeLimit(): Fault {
  return new Fault('time-limit', 'Cannot finish: the time of this run is over');
}
