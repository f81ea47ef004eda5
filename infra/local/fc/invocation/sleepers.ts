/** Work that waits for a time. */
export type Sleepers = {
  /**
   * Resolves when real time has brought `dueAt` (ms), or a tick after the clock was moved there, or `close`, or
   * `wake` is aborted.
   */
  until(dueAt: number, wake?: AbortSignal): Promise<void>;
  /** Wakes those that are due. */
  tick(): void;
  /** Wakes all; nobody sleeps any more. */
  close(): void;
};

export function createSleepers(now: () => number): Sleepers {
  const sleeping = new Set<{ dueAt: number; wake: () => void }>();
  let isClosed = false;

  async function until(dueAt: number, signal?: AbortSignal): Promise<void> {
    const ms = dueAt - now();
    if (ms <= 0 || isClosed || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const sleeper = { dueAt, wake };
      const timer = setTimeout(wake, ms);
      sleeping.add(sleeper);
      signal?.addEventListener('abort', wake);
      function wake(): void {
        clearTimeout(timer);
        sleeping.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      }
    });
  }

  function tick(): void {
    for (const { dueAt, wake } of [...sleeping]) if (dueAt <= now()) wake();
  }

  function close(): void {
    isClosed = true;
    for (const { wake } of [...sleeping]) wake();
  }

  return { until, tick, close };
}
