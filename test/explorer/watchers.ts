const STUCK_MS = 30_000;

/** Who waits for something to happen: `change` rejects where nothing does for 30 seconds. */
export function createWatchers() {
  let waiting: (() => void)[] = [];

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  }

  function change(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stuck = setTimeout(() => reject(new Error('Cannot go on: no run ends or calls')), STUCK_MS);
      waiting.push(() => {
        clearTimeout(stuck);
        resolve();
      });
    });
  }
  return { wake, change };
}
