import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { AsyncOptions } from '../invocation/deployment';
import { TASK_ID } from '../invocation/tasks';

/** Synchronous and asynchronous payloads, bytes (docs: "Limits"). */
const MAX_SYNC_BYTES = 32 * 1024 * 1024;
const MAX_ASYNC_BYTES = 128 * 1024;

/** The most bytes that the body of this request may have. */
export function bodyLimit(request: IncomingMessage): number {
  return isAsync(request) ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES;
}

/** Whether the caller wants only the acknowledgement that the event is queued. */
export function isAsync({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return String(headers['x-fc-invocation-type']).toLowerCase() === 'async';
}

/** What the headers say of an asynchronous invocation; a text that says what is wrong with them. */
export function asyncOptions(headers: IncomingHttpHeaders): AsyncOptions | string {
  const { 'x-fc-async-delay': delay, 'x-fc-async-task-id': taskId } = headers;
  const seconds = delay === undefined ? 0 : Number(delay);
  if (delay !== undefined && !(/^\d{1,4}$/.test(String(delay)) && seconds >= 1 && seconds <= 3600)) {
    return 'x-fc-async-delay is not a whole number from 1 to 3600';
  }
  if (taskId !== undefined && !TASK_ID.test(String(taskId))) {
    return 'x-fc-async-task-id is not a letter or _ and up to 127 letters, digits, _ and -';
  }
  return { delayMs: seconds * 1000, ...(taskId !== undefined && { taskId: String(taskId) }) };
}
