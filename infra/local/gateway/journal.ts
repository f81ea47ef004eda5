import type { Call, Hooks, Outcome } from './hooks';

/** One request, without secrets and bodies. */
type JournalEntry = {
  /** Counts up from 1, and on after the journal was cleared. */
  n: number;
  /** When the answer was done, by the cloud's clock, ISO 8601. */
  time: string;
  service: Call['service'];
  operation: string;
  bucket?: string;
  key?: string;
  functionName?: string;
  queue?: string;
  /** The one that the answer names, or else the request. */
  versionId?: string;
  partNumber?: number;
  principal: string;
} & Omit<Outcome, 'versionId'>;

export type Journal = {
  hooks: Hooks;
  /** Those with a greater `n` than `since`, oldest first. */
  entries(since?: number): JournalEntry[];
  clear(): void;
};

/** The most entries that a journal keeps; older ones are forgotten. */
const LIMIT = 100_000;

/** Keeps a line for every request. */
export function createJournal({ now, limit = LIMIT }: { now: () => number; limit?: number }): Journal {
  let kept: JournalEntry[] = [];
  let n = 0;

  function done(call: Call, outcome: Outcome): void {
    kept.push(entryOf(call, outcome, { n: ++n, time: new Date(now()).toISOString() }));
    if (kept.length > limit) kept.shift();
  }

  function clear(): void {
    kept = [];
  }

  return { hooks: { done }, entries: (since = 0) => kept.filter((entry) => entry.n > since), clear };
}

function entryOf(call: Call, outcome: Outcome, when: { n: number; time: string }): JournalEntry {
  const { service, operation, bucket, key, functionName, queue, query, principal } = call;
  const { status, code, ms, versionId = query.versionId } = outcome;
  const partNumber = Number(query.partNumber);
  return {
    ...when,
    ...{ service, operation },
    ...(bucket !== undefined && { bucket }),
    ...(key !== undefined && { key }),
    ...(functionName !== undefined && { functionName }),
    ...(queue !== undefined && { queue }),
    ...(versionId !== undefined && { versionId }),
    ...(Number.isInteger(partNumber) && { partNumber }),
    ...{ principal, status },
    ...(code !== undefined && { code }),
    ms,
  };
}
