import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { savedIn, saveJson } from '../../data/saved-json';

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
  /** of a function in task mode */
  taskId?: string;
};

export type QueuedEvents = {
  /** Those of an earlier run, oldest first. */
  earlier: PendingEvent[];
  /** Durable when the promise resolves. */
  save(pending: PendingEvent): Promise<void>;
  remove(pending: PendingEvent): Promise<void>;
};

/** Pending events, a file each in `folder`. */
export async function createQueuedEvents(folder: string): Promise<QueuedEvents> {
  const fileOf = ({ requestId }: PendingEvent) => join(folder, `${requestId}.json`);
  const earlier = [...(await savedIn<PendingEvent>(folder)).values()];
  return {
    earlier: earlier.sort((a, b) => a.enqueuedAt - b.enqueuedAt),
    save: (pending) => saveJson(fileOf(pending), pending),
    remove: (pending) => rm(fileOf(pending), { force: true }),
  };
}
