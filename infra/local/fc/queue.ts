import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson, saveJson } from '../ram/saved-json';
import type { Activity } from './activity';
import type { Invocation } from './instance';

/** An asynchronous invocation that has not succeeded yet. `event` is base64, `enqueuedAt` ms. */
export type PendingEvent = {
  requestId: string;
  functionName: string;
  event: string;
  attempts: number;
  enqueuedAt: number;
};

export type QueueOptions = {
  /** holds queue/ and dead-letter/ */
  folder: string;
  activity: Activity;
  /** before the first retry; twice as long before each further one */
  retryDelayMs: number;
  /** Never rejects. */
  invoke(pending: PendingEvent): Promise<Invocation>;
  /** of the function; 0 for one that is no longer deployed */
  maxRetries(functionName: string): number;
  /** the message that the function's onFailure destination would get */
  deadLetter(pending: PendingEvent, invocation: Invocation): unknown;
};

export type Queue = {
  /** Durable when the promise resolves; the invocation follows. */
  enqueue(event: Pick<PendingEvent, 'requestId' | 'functionName' | 'event' | 'enqueuedAt'>): Promise<void>;
  /** Starts nothing more; what is pending stays on disk for the next start. */
  close(): void;
};

/**
 * The asynchronous queue, at least once: an event's file goes when its function has succeeded, or moves to
 * dead-letter/ when its retries are used up. Events of an earlier run are taken up again, oldest first.
 */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const folder = join(options.folder, 'queue');
  const fileOf = ({ requestId }: PendingEvent) => join(folder, `${requestId}.json`);
  const closing = new AbortController();
  for (const pending of await savedEvents(folder)) start(pending);

  async function enqueue(event: Omit<PendingEvent, 'attempts'>): Promise<void> {
    const pending = { ...event, attempts: 0 };
    await saveJson(fileOf(pending), pending);
    start(pending);
  }

  function start(pending: PendingEvent): void {
    options.activity.during(work(pending)).catch((error) => process.emitWarning(error));
  }

  async function work(pending: PendingEvent): Promise<void> {
    const invocation = await options.invoke(pending);
    if (closing.signal.aborted) return;
    if (!invocation.failure) return rm(fileOf(pending), { force: true });
    const failed = { ...pending, attempts: pending.attempts + 1 };
    if (failed.attempts > options.maxRetries(failed.functionName)) return bury(failed, invocation);
    await saveJson(fileOf(failed), failed);
    await untilRetry(failed.attempts);
    if (!closing.signal.aborted) return work(failed);
  }

  async function bury(pending: PendingEvent, invocation: Invocation): Promise<void> {
    const file = join(options.folder, 'dead-letter', `${pending.requestId}.json`);
    await saveJson(file, options.deadLetter(pending, invocation));
    await rm(fileOf(pending), { force: true });
  }

  async function untilRetry(attempts: number): Promise<void> {
    const { signal } = closing;
    await delay(options.retryDelayMs * 2 ** (attempts - 1), undefined, { signal }).catch(() => undefined);
  }

  return { enqueue, close: () => closing.abort() };
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
