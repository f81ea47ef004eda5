import { Fault } from '../fault';

const MINUTE_MS = 60_000;

/** Counts openings by the minute of the clock. The returned function throws `too-many-requests` above `perMinute`. */
export function createCounter(now: () => number): (perMinute: number | undefined) => void {
  let minute = Number.NaN;
  let count = 0;
  return (perMinute) => {
    const current = Math.floor(now() / MINUTE_MS);
    if (current !== minute) count = 0;
    minute = current;
    count++;
    if (perMinute === undefined || count <= perMinute) return;
    throw new Fault(
      'too-many-requests',
      `Cannot open more: ${perMinute} in a minute is the limit of this instance, wait a minute`,
    );
  };
}

/** Of this instance: with the cache of data keys all that lives longer than a request. */
export const countOpening = createCounter(() => Date.now());
