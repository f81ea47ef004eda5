import type { Call } from '../../../infra/local/gateway/hooks';

/** How often each operation was called, by name. */
export type Calls = Record<string, number>;

/** Counts the calls of functions, from the last `take` on. */
export function createCalls() {
  let calls: Calls = {};

  function count({ service, operation, principal }: Call): undefined {
    if (!principal.includes(':assumed-role/')) return;
    const name = service === 'oss' ? operation : `${service}:${operation}`;
    calls[name] = (calls[name] ?? 0) + 1;
  }

  function take(): Calls {
    const taken = calls;
    calls = {};
    return taken;
  }

  return { count, take };
}

/** All calls of OSS among them. */
export function ossCalls(calls: Calls): number {
  return sum(calls, (name) => !name.includes(':'));
}

export function kmsCalls(calls: Calls): number {
  return sum(calls, (name) => name.startsWith('kms:'));
}

function sum(calls: Calls, counts: (name: string) => boolean): number {
  return Object.entries(calls).reduce((total, [name, times]) => total + (counts(name) ? times : 0), 0);
}
