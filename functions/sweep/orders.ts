import { utf8 } from '../characters';
import { Fault } from '../fault';
import { type InboxCounts, NOTHING } from './sweep-inbox';

/** What one run of the sweep is to do. */
export type Order = {
  /** The moment that ages are counted to: the timer's, so that its intervals are exact. */
  at: Date;
  /** Everything older than the grace time is due, not only what this interval brings. */
  all: boolean;
  /** Where the run before this one ended, and what it had counted. */
  after: string | undefined;
  counts: InboxCounts;
};

/** ISO 8601 in UTC, as timers and we ourselves write it. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/**
 * Reads the event: of the timer trigger (FC docs, "Time triggers"), `{"all": true}` or `{}` of an operator, or what a
 * run hands to the next. Throws `event-invalid`.
 */
export function readOrder(event: Buffer, now: Date): Order {
  const { triggerTime, triggerName, payload, ...given } = parse(event);
  const { at = triggerTime ?? now.toISOString(), all = false, after, counts = NOTHING, ...unknown } = given;
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw invalid(`field ${JSON.stringify(name.slice(0, 64))} is unknown`);
  if (typeof at !== 'string' || !MOMENT.test(at) || Number.isNaN(Date.parse(at)))
    throw invalid('it has no moment');
  if (typeof all !== 'boolean') throw invalid('field "all" must be true or false');
  if (after !== undefined && (typeof after !== 'string' || /\p{Surrogate}/u.test(after)))
    throw invalid('field "after" must be a key');
  return { at: new Date(at), all, after, counts: readCounts(counts) };
}

export function writeOrder({ at, all, after, counts }: Order): string {
  return JSON.stringify({ at: at.toISOString(), all, after, counts });
}

function parse(event: Buffer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse((utf8(event) ?? '?') || '{}');
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch {
    throw invalid('it is not JSON');
  }
  throw invalid('it is no JSON object');
}

function readCounts(json: unknown): InboxCounts {
  const given = new Map(Object.entries(json ?? {}));
  const counts = { ...NOTHING };
  for (const name of Object.keys(NOTHING) as (keyof InboxCounts)[]) {
    const count: unknown = given.get(name);
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
      throw invalid(`count ${name} is wrong`);
    counts[name] = count;
  }
  return counts;
}

function invalid(why: string): Fault {
  return new Fault('event-invalid', `Cannot read the event: ${why}`);
}
