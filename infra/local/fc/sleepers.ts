/** Work that waits for a time. */
export type Sleepers = {
  /** Resolves when real time has brought `dueAt` (ms), or a tick after the clock was moved there, or `close`. */
  until(dueAt: number): Promise<void>;
  /** Wakes those that are due. */
  tick(): void;
  /** Wakes all. */
  close(): void;
};

export function openSleepers(now: () => number): Sleepers {
  const sleeping = new Set<{ dueAt: number; wake: () => void }>();

  async function until(dueAt: number): Promise<void> {
    const ms = dueAt - now();
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(wake, ms);
      const sleeper = { dueAt, wake };
      sleeping.add(sleeper);
      function wake(): void {
        clearTimeout(timer);
        sleeping.delete(sleeper);
        resolve();
      }
    });
  }

  function tick(): void {
    for (const { dueAt, wake } of [...sleeping]) if (dueAt <= now()) wake();
  }

  function close(): void {
    for (const { wake } of [...sleeping]) wake();
  }

  return { until, tick, close };
}
