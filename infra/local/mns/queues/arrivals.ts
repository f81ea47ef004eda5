/** Those who wait for a message. */
export type Arrivals = {
  /** Resolves at the next `announce`, or when `signal` is aborted. */
  next(signal: AbortSignal): Promise<void>;
  announce(): void;
};

export function createArrivals(): Arrivals {
  const waiting = new Set<() => void>();

  async function next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  function announce(): void {
    for (const wake of [...waiting]) wake();
  }

  return { next, announce };
}
