import type { DeleteMarker, Holding, Version } from '../cloud/versions';
import { Fault } from '../fault';
import { isDue } from './due';

export type SweepInboxTools = {
  inbox: {
    /** Key by key, in the order of OSS. */
    holdings(afterKey: string | undefined): AsyncIterable<Holding>;
    /** What lies below a delete marker, the newest first, while it is there. */
    below(marker: DeleteMarker): Promise<Version[]>;
    remove(version: Pick<Version, 'key' | 'versionId'>): Promise<void>;
  };
  /** Hands a version to the encrypt function again. */
  redrive(version: Version): Promise<void>;
  /** Seconds. */
  grace: number;
  /** Seconds between two sweeps; undefined: everything older than `grace` is due. */
  interval: number | undefined;
  redriveLimit: number;
  /** Seconds, by the clock of OSS, after which what its owner has deleted is removed. */
  withdrawnSeconds: number;
  /** Hears of a version that has been removed, which lay below this delete marker. */
  onRemoved(version: Version, marker: DeleteMarker): void;
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
  /** Hidden by their owner before they were sealed. */
  withdrawn: number;
  /** Hidden so for longer than they may be kept: removed. */
  withdrawnRemoved: number;
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
  withdrawnRemoved: 0,
  markersRemoved: 0,
  failed: 0,
};

/**
 * Goes through the inbox, from the keys after `after` on, and adds to `counts`. Returns the last key that was dealt
 * with where the run is over before the end.
 */
export async function sweepInbox(
  tools: SweepInboxTools,
  counts: InboxCounts,
  after?: string,
): Promise<string | undefined> {
  for await (const entry of tools.inbox.holdings(after)) {
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

async function sweepKey(tools: SweepInboxTools, entry: Holding, counts: InboxCounts): Promise<void> {
  const { versions, markers } = entry;
  counts.listed += versions.length + markers.length;
  const current = versions.find(({ isCurrent }) => isCurrent);
  if (current) await sweepCurrent(tools, current, versions.length - 1, counts);
  else counts.withdrawn += versions.length;
  if (markers.length > 0) await tidy(tools, entry, counts).catch(unlessUnsupported);
}

/** No call can name such a key: what lies under it stays. */
function unlessUnsupported(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'key-unsupported') throw error;
}

/** Removes what its owner deleted long enough ago, and delete markers with nothing below. */
async function tidy(tools: SweepInboxTools, entry: Holding, counts: InboxCounts): Promise<void> {
  const removed = await removeWithdrawn(tools, entry);
  counts.withdrawnRemoved += removed;
  if (entry.versions.length > removed) return;
  for (const marker of entry.markers.filter(hasOwnId)) {
    if (ageOf(tools, marker) < tools.grace) continue;
    await tools.inbox.remove(marker);
    counts.markersRemoved++;
  }
}

/**
 * Removes, the oldest first (functions/encrypt/PROTOCOL.md tells why), what lies below a delete marker that is old enough,
 * whatever has come on top of that since. Returns how many versions that were.
 */
async function removeWithdrawn(tools: SweepInboxTools, entry: Holding): Promise<number> {
  const { inbox, withdrawnSeconds, onRemoved } = tools;
  const { versions, markers, answeredAt } = entry;
  const marker = markers.find((one) => hasOwnId(one) && secondsBetween(one, answeredAt) >= withdrawnSeconds);
  // None is dated later than it came.
  if (!marker || !versions.some(({ lastModified }) => lastModified <= marker.lastModified)) return 0;
  const below = (await inbox.below(marker)).toReversed();
  if (!below.every(hasOwnId)) return 0;
  for (const version of below) {
    await inbox.remove(version);
    onRemoved(version, marker);
  }
  return below.length;
}

/** The id `null` may be another version's in a moment, where versioning is suspended. */
function hasOwnId({ versionId }: Pick<Version, 'versionId'>): boolean {
  return versionId !== 'null';
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
  await tools.redrive(current);
  counts.redriven++;
}

/** Seconds. */
function ageOf({ at }: SweepInboxTools, dated: Dated): number {
  return Math.max(0, secondsBetween(dated, at));
}

type Dated = Pick<Version, 'lastModified'>;

function secondsBetween({ lastModified }: Dated, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(lastModified)) / 1000);
}
