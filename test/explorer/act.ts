import type { Fate } from './fates';

/** What happens next. `pick`: which of those that wait, 0 the first, 1 the last. */
export type Act =
  /** `content`: uploads of equal content and size are equal. */
  | { do: 'upload'; key: number; size: number; content: number; how: 'put' | 'multipart' }
  /** The owner deletes the key: a delete marker. */
  | { do: 'delete'; key: number }
  /** The event of an upload, the first being 0, arrives; it may never do, or again. */
  | { do: 'deliver'; upload: number }
  /** The sweep starts, and takes everything to be older than the grace time. */
  | { do: 'sweep' }
  /** All goes on until nothing runs, what is late at last. `fates`: of the first calls. */
  | { do: 'rest'; pick: number; fates: Fate[] }
  /** One of the calls goes on. */
  | { do: 'go'; pick: number; fate: Fate }
  /** One of the calls and answers that are late comes. */
  | { do: 'go late'; pick: number };

export type Schedule = { seed: number; acts: Act[] };

export const KEYS = 3;

/** An act in a line. */
export function describeAct(act: Act): string {
  if (act.do === 'upload') return `the owner uploads ${act.size} bytes to ${'abc'[act.key]} (${act.how})`;
  if (act.do === 'delete') return `the owner deletes ${'abc'[act.key]}`;
  if (act.do === 'deliver') return `the event of upload ${act.upload + 1} arrives`;
  return act.do;
}
