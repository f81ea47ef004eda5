import { addAbortListener } from 'node:events';
import timers from 'node:timers/promises';
import { Fault } from '../fault';

/** Runs an action again while that is worth it; see createRetry. */
export type Retry = <T>(action: () => Promise<T>) => Promise<T>;

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
