import type { DeleteMarker, Page, PageMarker, Version } from '../cloud/versions';
import type { Retry } from '../transfer/retry';
import { isDue } from './due';

export type SweepInboxTools = {
  inbox: {
    page(after: PageMarker | undefined): Promise<Page>;
    remove(version: Pick<Version, 'key' | 'versionId'>): Promise<void>;
  };
  /** Hands a version to the encrypt function again. */
  redrive(version: Version): Promise<void>;
  retry: Retry;
  /** Seconds. */
  grace: number;
  /** Seconds between two sweeps; undefined: everything older than `grace` is due. */
  interval: number | undefined;
  redriveLimit: number;
  /** Hears of a key that could not be dealt with; the sweep goes on to the next. */
  onFailure(error: unknown, key: string): void;
  /** Whether this run should end at the next key. */
  isOver(): boolean;
  /** The moment that ages are counted to. */
  at: Date;
};

/** What a sweep saw and did; all are numbers of object versions but `oldestUnsealedSeconds`. */
export type InboxCounts = {
  listed: number;
  /** Current versions, not sealed yet. */
  unsealed: number;
  oldestUnsealedSeconds: number;
  /** Handed to the encrypt function again. */
  redriven: number;
  /** Below a current version that is not sealed yet. */
  superseded: number;
  /** Hidden by their owner before they were sealed; they stay. */
  withdrawn: number;
  /** Delete markers with nothing below, removed. */
  markersRemoved: number;
  /** Keys that could not be dealt with. */
  failed: number;
};

export const NOTHING: InboxCounts = {
  listed: 0,
  unsealed: 0,
  oldestUnsealedSeconds: 0,
  redriven: 0,
  superseded: 0,
  withdrawn: 0,
  markersRemoved: 0,
  failed: 0,
};

/** All that the inbox holds under one key. */
type Entry = { key: string; versions: Version[]; markers: DeleteMarker[] };

/**
 * Goes through the inbox, from the keys after `after` on, and adds to `counts`. Returns the last key that was dealt
 * with where the run is over before the end.
 */
export async function sweepInbox(
  tools: SweepInboxTools,
  counts: InboxCounts,
  after?: string,
): Promise<string | undefined> {
  for await (const entry of entries(tools, after)) {
    try {
      await sweepKey(tools, entry, counts);
    } catch (error) {
      counts.failed++;
      tools.onFailure(error, entry.key);
    }
    if (tools.isOver()) return entry.key;
  }
  return undefined;
}

/** A key's versions may be spread over pages: it is complete when another key follows, or nothing. */
async function* entries({ inbox, retry }: SweepInboxTools, afterKey?: string): AsyncGenerator<Entry> {
  let open = new Map<string, Entry>();
  let after: PageMarker | undefined =
    afterKey === undefined ? undefined : { key: afterKey, versionId: undefined };
  do {
    const page: Page = await retry(() => inbox.page(after));
    for (const version of page.versions) entryOf(open, version.key).versions.push(version);
    for (const marker of page.markers) entryOf(open, marker.key).markers.push(marker);
    after = page.next;
    for (const entry of [...open.values()].sort(byKey)) if (entry.key !== after?.key) yield entry;
    const rest = after && open.get(after.key);
    open = new Map(rest ? [[rest.key, rest]] : []);
  } while (after);
}

/** As OSS lists them: a run ends at a key, and the next one goes on behind it. */
function byKey(a: Entry, b: Entry): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

function entryOf(open: Map<string, Entry>, key: string): Entry {
  const entry = open.get(key) ?? { key, versions: [], markers: [] };
  open.set(key, entry);
  return entry;
}

async function sweepKey(
  tools: SweepInboxTools,
  { versions, markers }: Entry,
  counts: InboxCounts,
): Promise<void> {
  counts.listed += versions.length + markers.length;
  const current = versions.find(({ isCurrent }) => isCurrent);
  if (current) return sweepCurrent(tools, current, versions.length - 1, counts);
  counts.withdrawn += versions.length;
  if (versions.length > 0) return;
  for (const marker of markers) {
    if (ageOf(tools, marker) < tools.grace) continue;
    await tools.retry(() => tools.inbox.remove(marker));
    counts.markersRemoved++;
  }
}

async function sweepCurrent(
  tools: SweepInboxTools,
  current: Version,
  older: number,
  counts: InboxCounts,
): Promise<void> {
  const age = ageOf(tools, current);
  counts.unsealed++;
  counts.superseded += older;
  counts.oldestUnsealedSeconds = Math.max(counts.oldestUnsealedSeconds, age);
  if (!isDue(age, tools) || counts.redriven + counts.failed >= tools.redriveLimit) return;
  await tools.retry(() => tools.redrive(current));
  counts.redriven++;
}

/** Seconds. */
function ageOf({ at }: SweepInboxTools, { lastModified }: Pick<Version, 'lastModified'>): number {
  return Math.max(0, Math.floor((at.getTime() - Date.parse(lastModified)) / 1000));
}
