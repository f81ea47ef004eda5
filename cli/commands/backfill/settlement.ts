import timers from 'node:timers/promises';
import { type Holding, holdings, type Pair, sideBySide } from '../../cloud/holdings';
import type { Queue } from '../../cloud/queue';
import type { Location } from '../../files/location';
import type { Session } from '../../session/session';
import { asFailure } from '../../terminal/failure';
import type { Step } from './earlier';
import type { Journal } from './journal';

/** What became of an upload that was handed over, or that the function would not take. */
export type Fate =
  /** In the vault, by an envelope that came since the backfill began. */
  | 'sealed'
  /** In the vault before. */
  | 'already-sealed'
  /** A newer upload has the key; its own event seals it. */
  | 'superseded'
  /** It is in the inbox still. */
  | 'waiting'
  /** It is in neither, or its owner has hidden it. */
  | 'gone';

export type SettlementTools = {
  session: Session;
  place: Location;
  journal: Journal;
  queue: Queue;
  /** ms */
  timeout: number;
  /** Hears how many wait. */
  onWaiting(waiting: number): void;
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/**
 * Waits until no upload that was handed over is in the inbox any more, until as many dead letters have come as uploads
 * wait, or until the time is over. Returns how many wait.
 */
export async function settlement(tools: SettlementTools): Promise<number> {
  const { session, timeout, onWaiting } = tools;
  const over = performance.now() + timeout;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const waiting = await countWaiting(tools);
    onWaiting(waiting);
    const left = over - performance.now();
    if (waiting === 0 || left <= 0 || (await newLetters(tools)) >= waiting) return waiting;
    await timers.setTimeout(Math.min(wait, left), undefined, { signal: session.interrupted });
  }
}

async function countWaiting({ session, place, journal }: SettlementTools): Promise<number> {
  let waiting = 0;
  for await (const { left, right } of sideBySide(journal.steps(), holdings(session, place))) {
    if (left && !left.refused && isCurrent(left, right)) waiting++;
  }
  return waiting;
}

function isCurrent({ versionId }: Step, inbox: Holding | undefined): boolean {
  return inbox?.versions.some((one) => one.versionId === versionId && one.isCurrent) ?? false;
}

/** Letters that came since the backfill began; 0 where the queue may not be looked at. */
async function newLetters({ journal, queue }: SettlementTools): Promise<number> {
  const now = await lettersIn(queue);
  return (now ?? 0) - (journal.beginning.letters ?? now ?? 0);
}

/** Undefined where nobody may say. */
export async function lettersIn(queue: Queue): Promise<number | undefined> {
  try {
    const { active, inactive } = await queue.counts();
    return active + inactive;
  } catch (error) {
    if (asFailure(error).code === 'mns-refused') return undefined;
    throw error;
  }
}

/** Each upload of the journal and what became of it: one listing of inbox and vault side by side. */
export async function* fates({
  session,
  place,
  journal,
}: SettlementTools): AsyncGenerator<{ step: Step; fate: Fate }> {
  const vault = { bucket: session.deployment.vaultBucket, key: place.key };
  const held = sideBySide(holdings(session, place), holdings(session, vault));
  // OSS knows whole seconds only.
  const since = Math.floor(Date.parse(journal.beginning.startedAt) / 1000) * 1000;
  for await (const { left: step, right } of sideBySide(journal.steps(), held)) {
    if (step) yield { step, fate: fateOf(step, right, since) };
  }
}

function fateOf(step: Step, held: Pair<Holding, Holding> | undefined, since: number): Fate {
  const { left: inbox, right: vault } = held ?? {};
  const isSince = ({ lastModified }: { lastModified: string }) => Date.parse(lastModified) >= since;
  const current = inbox?.versions.find((version) => version.isCurrent);
  // An older version than the backfill has no event of its own: it lay below what was handed over, or is of another inbox.
  if (current) return current.versionId !== step.versionId && isSince(current) ? 'superseded' : 'waiting';
  if (inbox?.versions.some(({ versionId }) => versionId === step.versionId)) return 'gone';
  const envelope = vault?.versions.find((version) => version.isCurrent);
  if (!envelope) return 'gone';
  return isSince(envelope) ? 'sealed' : 'already-sealed';
}
