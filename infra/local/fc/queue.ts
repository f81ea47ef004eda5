import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, saveJson } from '../ram/saved-json';
import type { Activity } from './activity';
import type { AsyncInvoke } from './function-spec';
import { failed as failedInvocation, type Invocation } from './instance';
import { openSleepers } from './sleepers';

/** An asynchronous invocation that has not come to its end yet. `event` is base64; times are ms. */
export type PendingEvent = {
  requestId: string;
  functionName: string;
  event: string;
  /** that have failed */
  attempts: number;
  /** its age counts from here */
  enqueuedAt: number;
  /** not to be tried before; at once where absent */
  dueAt?: number;
};

/** How an event ended: `condition` says why, as a destination is told. */
export type Settlement = { pending: PendingEvent; invocation: Invocation; condition: string };

export type QueueOptions = {
  folder: string;
  activity: Activity;
  now: () => number;
  /** before the first retry; twice as long before each further one */
  retryDelayMs: number;
  /** Never rejects. */
  invoke(pending: PendingEvent): Promise<Invocation>;
  /** undefined for a function that is no longer deployed */
  configOf(functionName: string): AsyncInvoke | undefined;
  /** Tells the destinations. The event is forgotten once this has resolved. */
  settle(settlement: Settlement): Promise<void>;
};

export type Queue = {
  /** Durable when the promise resolves; the invocation follows. */
  enqueue(event: Omit<PendingEvent, 'attempts'>): Promise<void>;
  /** Starts what is due. */
  tick(): void;
  /** Starts nothing more; what is pending stays on disk for the next start. */
  close(): void;
};

/**
 * The asynchronous queue, at least once: an event's file goes when its function has succeeded, when its retries are
 * used up, or when it has grown too old. Events of an earlier run are taken up again, oldest first.
 */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { folder, activity, now } = options;
  const fileOf = ({ requestId }: PendingEvent) => join(folder, `${requestId}.json`);
  const sleepers = openSleepers(now);
  let isClosing = false;
  for (const pending of await savedEvents(folder)) start(pending);

  async function enqueue(event: Omit<PendingEvent, 'attempts'>): Promise<void> {
    const pending = { ...event, attempts: 0 };
    await saveJson(fileOf(pending), pending);
    start(pending);
  }

  // An event that is delayed is no work yet: nobody waits for it.
  function start(pending: PendingEvent): void {
    const { dueAt = 0, attempts } = pending;
    const isDelayed = attempts === 0 && dueAt > now();
    const work = () => activity.during(isDelayed ? attempt(pending) : attemptWhenDue(pending));
    const started = isDelayed ? sleepers.until(dueAt).then(work) : work();
    started.catch((error) => process.emitWarning(error));
  }

  async function attemptWhenDue(pending: PendingEvent): Promise<void> {
    await sleepers.until(pending.dueAt ?? 0);
    return attempt(pending);
  }

  async function attempt(pending: PendingEvent): Promise<void> {
    if (isClosing) return;
    const config = options.configOf(pending.functionName);
    if (config && isTooOld(pending, config)) return end(expired(pending));
    const invocation = await options.invoke(pending);
    if (isClosing) return;
    const { failure } = invocation;
    if (!failure) return end({ pending, invocation, condition: 'Success' });
    const failed = { ...pending, attempts: pending.attempts + 1 };
    if (failed.attempts > (config?.maxRetryAttempts ?? 0)) {
      return end({ pending: failed, invocation, condition: failure.kind });
    }
    return retry({ ...failed, dueAt: now() + options.retryDelayMs * 2 ** pending.attempts });
  }

  async function retry(pending: PendingEvent): Promise<void> {
    await saveJson(fileOf(pending), pending);
    return attemptWhenDue(pending);
  }

  async function end(settlement: Settlement): Promise<void> {
    await options.settle(settlement);
    await rm(fileOf(settlement.pending), { force: true });
  }

  function isTooOld({ enqueuedAt }: PendingEvent, { maxEventAge }: AsyncInvoke): boolean {
    return now() - enqueuedAt > maxEventAge * 1000;
  }

  function close(): void {
    isClosing = true;
    sleepers.close();
  }

  return { enqueue, tick: sleepers.tick, close };
}

function expired(pending: PendingEvent): Settlement {
  const errorMessage = 'The event is older than maxAsyncEventAgeInSeconds';
  const invocation = failedInvocation(pending.requestId, { errorType: 'EventAgeExceeded', errorMessage });
  return { pending, invocation, condition: 'EventAgeExceeded' };
}

async function savedEvents(folder: string): Promise<PendingEvent[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const events: PendingEvent[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json'))) {
    const pending = await readJson<PendingEvent>(join(folder, file));
    if (pending) events.push(pending);
  }
  return events.sort((a, b) => a.enqueuedAt - b.enqueuedAt);
}
