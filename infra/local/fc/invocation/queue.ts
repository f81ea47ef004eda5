import type { AsyncInvoke } from '../../../declared/function-spec';
import type { Invocation } from '../instances/instance';
import type { Activity } from './activity';
import { expiry, lastStart, type Outcome, outcome, type Settlement } from './outcome';
import { createQueuedEvents, type PendingEvent } from './queued-events';
import { createSleepers } from './sleepers';

/** `before`: ms, later it must not begin. `canceled` ends it. */
export type AttemptLimits = { before: number; canceled: AbortSignal };

export type QueueOptions = {
  folder: string;
  activity: Activity;
  now: () => number;
  /** before the first retry; twice as long before each further one */
  retryDelayMs: number;
  /** Never rejects. */
  invoke(pending: PendingEvent, limits: AttemptLimits): Promise<Invocation>;
  /** undefined for a function that is no longer deployed */
  configOf(functionName: string): AsyncInvoke | undefined;
  /** Tells the destinations. The event is forgotten once this has resolved. */
  settle(settlement: Settlement): Promise<void>;
  /** Told what became of an event after each attempt. */
  note(pending: PendingEvent, outcome: Outcome): Promise<void>;
};

export type Queue = {
  /** Durable when the promise resolves; the invocation follows. */
  enqueue(event: Omit<PendingEvent, 'attempts'>): Promise<void>;
  /** Ends an event where it is; resolves when it has ended, also when there is none. */
  stop(requestId: string): Promise<void>;
  /** Starts what is due. */
  tick(): void;
  /** Starts nothing more; what is pending stays on disk for the next start. */
  close(): void;
};

type Work = { stopping: AbortController; done: Promise<void> };

/**
 * The asynchronous queue, at least once: an event's file goes when its function has succeeded, when its retries are
 * used up, or when it has grown too old. Events of an earlier run are taken up again, oldest first.
 */
export async function newQueue(options: QueueOptions): Promise<Queue> {
  const { activity, now } = options;
  const events = await createQueuedEvents(options.folder);
  const sleepers = createSleepers(now);
  const works = new Map<string, Work>();
  let isClosing = false;
  for (const pending of events.earlier) start(pending);

  async function enqueue(event: Omit<PendingEvent, 'attempts'>): Promise<void> {
    const pending = { ...event, attempts: 0 };
    await events.save(pending);
    start(pending);
  }

  function start(pending: PendingEvent): void {
    const stopping = new AbortController();
    const done = begin(pending, stopping.signal)
      .catch((error) => process.emitWarning(error))
      .finally(() => works.delete(pending.requestId));
    works.set(pending.requestId, { stopping, done });
  }

  // An event that is delayed is no work yet: nobody waits for it.
  async function begin(pending: PendingEvent, stopped: AbortSignal): Promise<void> {
    if (pending.attempts === 0) await sleepers.until(pending.dueAt ?? 0, stopped);
    await activity.during(workOff(pending, stopped));
  }

  async function workOff(event: PendingEvent, stopped: AbortSignal): Promise<void> {
    for (let pending: PendingEvent | undefined = event; pending; ) {
      await sleepers.until(pending.dueAt ?? 0, stopped);
      const result = await attempt(pending, stopped);
      if (!result) return;
      if (result.settlement) await options.settle(result.settlement);
      await options.note(pending, result);
      if (result.retry) await events.save(result.retry);
      else await events.remove(pending);
      pending = result.retry;
    }
  }

  /** Undefined when the queue closes: the event is for the next start. */
  async function attempt(pending: PendingEvent, stopped: AbortSignal): Promise<Outcome | undefined> {
    const facts = () => ({ pending, config: options.configOf(pending.functionName), now: now() });
    if (isClosing) return undefined;
    if (stopped.aborted) return { status: 'Stopped' };
    const expired = expiry(facts());
    if (expired) return expired;
    const invocation = await options.invoke(pending, { before: lastStart(facts()), canceled: stopped });
    if (isClosing) return undefined;
    if (stopped.aborted && invocation.failure) return { status: 'Stopped' };
    const retryAt = now() + options.retryDelayMs * 2 ** pending.attempts;
    return outcome(invocation, { attempt: facts(), retryAt });
  }

  async function stop(requestId: string): Promise<void> {
    const work = works.get(requestId);
    work?.stopping.abort();
    await work?.done;
  }

  function close(): void {
    isClosing = true;
    sleepers.close();
  }

  return { enqueue, stop, tick: sleepers.tick, close };
}
