import timers from 'node:timers/promises';

/** Resolves when the next one may go. Rejects once it is broken off. */
export type Pace = () => Promise<void>;

/** `now`: ms; `sleep` for so many ms. */
export type PaceClock = { now(): number; sleep(ms: number): Promise<void> };

/**
 * At most `rate` a second, evenly: a bucket that holds one token. Whoever comes late does not catch up, so no second has
 * more than `rate` and one.
 */
export function createPace(rate: number, { now, sleep }: PaceClock): Pace {
  let due = Number.NEGATIVE_INFINITY;
  return async () => {
    const at = Math.max(now(), due);
    due = at + 1000 / rate;
    const wait = at - now();
    if (wait > 0) await sleep(wait);
  };
}

export function realClock(signal: AbortSignal): PaceClock {
  return { now: () => performance.now(), sleep: (ms) => timers.setTimeout(ms, undefined, { signal }) };
}
