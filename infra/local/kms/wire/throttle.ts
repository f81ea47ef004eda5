import { KmsError } from './errors';

/** How many requests a second the account may send of an action; no limit when undefined. */
export type Qps = (action: string) => number | undefined;

/** Returns a check that throws Rejected.Throttling for what is above the limit within one second of the clock. */
export function throttle(qps: Qps, now: () => number): (action: string) => void {
  const counts = new Map<string, { second: number; count: number }>();
  return (action) => {
    const limit = qps(action);
    if (limit === undefined) return;
    const second = Math.floor(now() / 1000);
    const last = counts.get(action);
    const count = last?.second === second ? last.count + 1 : 1;
    counts.set(action, { second, count });
    if (count > limit) throw new KmsError('Rejected.Throttling');
  };
}
