import timers from 'node:timers/promises';
import { Fault } from '../fault';

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;

/** Runs `action` again, up to 4 times in all, while it fails with a Fault worth a retry; waits with full jitter in between. */
export async function retry<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Fault && error.retry)) throw error;
      await timers.setTimeout(Math.random() * FIRST_WAIT_MS * 2 ** attempt);
    }
  }
}
