import type { Report } from '../../infra/local/fc/server';

/** Attempts that s.yaml allows an event. */
const ATTEMPTS: Record<string, number> = { 'oss-envelope-encrypt': 4, 'oss-envelope-sweep': 2 };
export const FUNCTIONS = Object.keys(ATTEMPTS);

/** The events that have not come to their end, of each function. */
export function createPending() {
  const counts = new Map<string, number>();
  const failures = new Map<string, number>();
  const count = (name: string) => counts.get(name) ?? 0;
  const begin = (name: string) => counts.set(name, count(name) + 1);

  function end({ functionName, requestId, error }: Report): void {
    const attempts = (failures.get(requestId) ?? 0) + 1;
    failures.set(requestId, attempts);
    if (!error || attempts === ATTEMPTS[functionName]) counts.set(functionName, count(functionName) - 1);
  }
  return { count, begin, end };
}
