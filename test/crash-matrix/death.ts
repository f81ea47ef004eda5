/** The end of several runs at one moment: processes of a function are killed all together. */
export type Death<T> = {
  /** Resolves when the processes are dead. Who is not expected waits for nothing. */
  come(one: T): Promise<void>;
  /** Expects this one no longer. */
  leave(one: T): void;
};

/** `kill` is called once, when all of `expected` have come or left. */
export function createDeath<T>(expected: T[], kill: () => Promise<void>): Death<T> {
  const missing = new Set(expected);
  let strike: () => void = () => {};
  const killed = new Promise<void>((resolve) => {
    strike = resolve;
  }).then(kill);

  function leave(one: T): void {
    if (missing.delete(one) && missing.size === 0) strike();
  }

  async function come(one: T): Promise<void> {
    if (!expected.includes(one)) return;
    leave(one);
    await killed;
  }

  return { come, leave };
}
