import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeMessage, StopMessage } from './runtime-messages';

/** `timeout` in seconds; `closed` resolves when the process is gone. */
export type LastWord = { message: StopMessage; timeout: number; closed: Promise<void> };

/** Has a process run its preStop hook: resolves when it has run, failed, died, or used up its time. */
export async function sayStop(child: ChildProcess, { message, timeout, closed }: LastWord): Promise<void> {
  const waiting = new AbortController();
  const expired = delay(timeout * 1000, undefined, { signal: waiting.signal }).catch(() => undefined);
  const stopped = new Promise<void>((resolve) => {
    child.on('message', (told: RuntimeMessage) => told.type === 'stopped' && resolve());
  });
  child.send(message, () => undefined);
  await Promise.race([stopped, closed, expired]);
  waiting.abort();
}
