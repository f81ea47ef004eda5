import type { AsyncInvoke } from '../../../declared/function-spec';
import { failed, type Invocation } from '../instances/instance';
import type { PendingEvent } from './queued-events';
import type { TaskStatus } from './tasks';

/** How an event ended: `condition` says why, as a destination is told. */
export type Settlement = { pending: PendingEvent; invocation: Invocation; condition: string };

/** What becomes of an event after an attempt; one that was stopped is no settlement, and no destination hears of it. */
export type Outcome = { status: TaskStatus; settlement?: Settlement; retry?: PendingEvent };

export type Attempt = {
  pending: PendingEvent;
  /** undefined for a function that is no longer deployed */
  config: AsyncInvoke | undefined;
  now: number;
};

/** Docs: "Retry policies": what finds no instance is tried for five hours, and this is no error of the function. */
const PATIENCE_MS = 5 * 3_600_000;

/** The last moment, ms, at which an attempt made now may find an instance. */
export function lastStart({ pending, config, now }: Attempt): number {
  return Math.min(now + PATIENCE_MS, config ? endOfLife(pending, config) : Number.POSITIVE_INFINITY);
}

/** The end of an event that is too old to be tried; undefined for one that is not. */
export function expiry({ pending, config, now }: Attempt): Outcome | undefined {
  if (!config || now <= endOfLife(pending, config)) return undefined;
  const errorMessage = 'The event is older than maxAsyncEventAgeInSeconds';
  const invocation = failed(pending.requestId, { errorType: 'EventAgeExceeded', errorMessage });
  return { status: 'Expired', settlement: { pending, invocation, condition: 'EventAgeExceeded' } };
}

/** What an invocation means for its event; `retryAt` is when the next attempt would be, ms. */
export function outcome(
  invocation: Invocation,
  { attempt, retryAt }: { attempt: Attempt; retryAt: number },
): Outcome {
  const { pending, config } = attempt;
  const { failure } = invocation;
  if (!failure) return { status: 'Succeeded', settlement: { pending, invocation, condition: 'Success' } };
  if (failure.kind === 'FunctionResourceExhausted') {
    return (
      expiry(attempt) ?? { status: 'Failed', settlement: { pending, invocation, condition: failure.kind } }
    );
  }
  const again = { ...pending, attempts: pending.attempts + 1 };
  if (again.attempts <= (config?.maxRetryAttempts ?? 0)) {
    return { status: 'Retrying', retry: { ...again, dueAt: retryAt } };
  }
  const settlement = { pending: again, invocation, condition: failure.kind };
  return { status: config ? 'Failed' : 'Invalid', settlement };
}

function endOfLife({ enqueuedAt }: PendingEvent, { maxEventAge }: AsyncInvoke): number {
  return enqueuedAt + maxEventAge * 1000;
}
