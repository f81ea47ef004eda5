const DAY = 86_400;

/** Seconds: how long an upload may wait for its own event, and the time between two sweeps. */
export type Times = { grace: number; interval: number | undefined };

/**
 * Whether an upload of that age (seconds) is to be tried again by this sweep: at the grace time, then each time its age
 * has doubled, then daily. So what can never be sealed does not fill the dead-letter queue, and no state is kept.
 * Without an interval it is due whenever it is older than the grace time.
 */
export function isDue(age: number, { grace, interval }: Times): boolean {
  if (age < grace) return false;
  return interval === undefined || age - lastTry(age, grace) < interval;
}

/** The age (seconds) at which an upload of that age will be due next. */
export function nextTry(age: number, grace: number): number {
  if (age < grace) return grace;
  return age >= DAY ? age - (age % DAY) + DAY : Math.min(2 * lastTry(age, grace), DAY);
}

/** The last of the ages grace, 2 grace, 4 grace … below a day, then of whole days. */
function lastTry(age: number, grace: number): number {
  return age >= DAY ? Math.max(grace, age - (age % DAY)) : grace * 2 ** Math.floor(Math.log2(age / grace));
}
