/** Counts the work under way, so that someone can wait until there is none. */
export type Activity = {
  /** Counts `work` until its promise settles. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

export function createActivity(): Activity {
  let underWay = 0;
  let waiting: (() => void)[] = [];

  async function during<T>(work: Promise<T>): Promise<T> {
    underWay++;
    try {
      return await work;
    } finally {
      underWay--;
      if (underWay === 0) wake();
    }
  }

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  }

  async function idle(): Promise<void> {
    while (underWay > 0) await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return { during, idle };
}
