import type { Announced } from '../../../functions/cloud/upload-event';
import type { Version } from '../../../functions/cloud/versions';
import { isBefore, isLast } from '../../../functions/encrypt/belief';
import type { Facts } from '../../../functions/envelope/envelope';
import type { Holding, Pair } from '../../cloud/holdings';
import { type Accepting, refusalOf } from '../../cloud/refusal';
import { ageText, type Doubt } from './doubts';
import type { Head, ReadHead } from './heads';

export type JudgeTools = {
  inboxBucket: string;
  vaultBucket: string;
  /** Absent: no header is read. */
  head: ReadHead | undefined;
  /** Whether every version of the vault is looked at, not only those that may be newest. */
  isDeep: boolean;
  /** ms: what is younger may be on its way. */
  grace: number;
  accepting: Accepting;
};

/** What both buckets hold under one key, and what is in doubt about it. */
export type Judged = {
  /** Current versions of the inbox: 0 or 1. */
  plaintext: number;
  /** Current versions of the vault: 0 or 1. */
  envelopes: number;
  /** Below the inbox's current version: they go when it is sealed. */
  superseded: number;
  /** Hidden in the inbox by their owner; the sweep removes them in time. */
  withdrawn: number;
  olderEnvelopes: number;
  /** Headers that were read. */
  headers: number;
  doubts: Doubt[];
};

export async function judge(
  tools: JudgeTools,
  { left: inbox, right: vault }: Pair<Holding, Holding>,
): Promise<Judged> {
  const waiting = inbox?.versions.find(({ isCurrent }) => isCurrent);
  const looked = await look(tools, vault);
  const envelopes = vault?.versions.some(({ isCurrent }) => isCurrent) ? 1 : 0;
  const others = (inbox?.versions.length ?? 0) - (waiting ? 1 : 0);
  return {
    plaintext: waiting ? 1 : 0,
    envelopes,
    superseded: waiting ? others : 0,
    withdrawn: waiting ? 0 : others,
    olderEnvelopes: (vault?.versions.length ?? 0) - envelopes,
    headers: looked.length,
    doubts: [
      ...(inbox && waiting ? aboutUpload(tools, { inbox, waiting, looked }) : []),
      ...(vault ? aboutVault(tools, vault, looked) : []),
    ],
  };
}

type Envelope = { version: Version; facts: Facts };
type Looked = { version: Version } & Head;

/** Those that may be newest: none that can be believed is in the vault before its `sealedAt`. */
async function look({ head, isDeep }: JudgeTools, vault: Holding | undefined): Promise<Looked[]> {
  const looked: Looked[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const version of head && vault ? vault.versions : []) {
    if (!isDeep && isBefore(version, newest)) {
      if (isLast(version)) break;
      continue;
    }
    const found = await head?.(version);
    if (!found) continue;
    looked.push({ version, ...found });
    if ('facts' in found) newest = Math.max(newest, Date.parse(found.facts.sealedAt));
  }
  return looked;
}

type Upload = { inbox: Holding; waiting: Version; looked: Looked[] };

function aboutUpload(tools: JudgeTools, { inbox, waiting, looked }: Upload): Doubt[] {
  const age = inbox.answeredAt.getTime() - Date.parse(waiting.lastModified);
  if (age < tools.grace) return [];
  const { key, versionId } = waiting;
  const about = { bucket: tools.inboxBucket, key, versionId };
  const refused = refusalOf(waiting, tools.accepting);
  const since = `it has waited for ${ageText(age)}`;
  if (refused) return [{ ...about, what: 'not-taken', why: `${since}: ${refused}` }];
  const sealed = envelopesIn(looked).find(({ facts }) => isOf(facts, waiting));
  if (!sealed) return [{ ...about, what: 'unsealed', why: since, fix: waiting }];
  const sealedSince = inbox.answeredAt.getTime() - wholeSeconds(sealedAt(sealed));
  if (sealedSince < tools.grace) return [];
  return [{ ...about, what: 'sealed-not-removed', why: `sealed ${ageText(sealedSince)} ago`, fix: waiting }];
}

function isOf({ inbox }: Facts, { versionId, eTag }: Version): boolean {
  return inbox.versionId === versionId && inbox.eTag === eTag;
}

function envelopesIn(looked: Looked[]): Envelope[] {
  return looked.filter((one): one is Envelope => 'facts' in one);
}

function aboutVault(tools: JudgeTools, vault: Holding, looked: Looked[]): Doubt[] {
  const { key, versions } = vault;
  const bucket = tools.vaultBucket;
  if (versions.length > 0 && !versions.some(({ isCurrent }) => isCurrent)) {
    return [{ bucket, key, what: 'hidden', why: `a delete marker hides ${versions.length} of its versions` }];
  }
  const wrong = looked.filter((one) => 'wrong' in one);
  const [newest] = envelopesIn(looked).toSorted((a, b) => sealedAt(b) - sealedAt(a));
  const doubts = wrong
    .filter(({ version }) => version.isCurrent || tools.isDeep)
    .map(({ version, wrong: what, why }): Doubt => {
      const { versionId } = version;
      if (!version.isCurrent || !newest || what === 'archived') return { bucket, key, what, why, versionId };
      const whole = `${why}; version ${newest.version.versionId}, below it, looks like an envelope`;
      return { bucket, key, what, why: whole, versionId, fix: uploadOf(newest) };
    });
  return [...doubts, ...aboutOrder(tools, vault, { newest, envelopes: envelopesIn(looked) })];
}

type Ordered = { newest: Envelope | undefined; envelopes: Envelope[] };

/** The newest by `sealedAt` is current (functions/encrypt/PROTOCOL.md), once whoever sealed it has had time to see to that. */
function aboutOrder(
  { vaultBucket: bucket, grace }: JudgeTools,
  { key, answeredAt }: Holding,
  { newest, envelopes }: Ordered,
): Doubt[] {
  const current = envelopes.find(({ version }) => version.isCurrent);
  if (!newest || !current || sealedAt(current) >= sealedAt(newest)) return [];
  if (answeredAt.getTime() - wholeSeconds(sealedAt(newest)) < grace) return [];
  const why = `the newest was sealed at ${newest.facts.sealedAt}, and one of ${current.facts.sealedAt} is on top`;
  const { versionId } = newest.version;
  return [{ bucket, key, what: 'out-of-order', why, versionId, fix: uploadOf(newest) }];
}

/** What the envelope was made of: its event, delivered again, has the encrypt function settle the key. */
function uploadOf({ facts, version }: Envelope): Announced {
  return { ...facts.inbox, key: version.key, type: 'Normal' };
}

function sealedAt({ facts }: Envelope): number {
  return Date.parse(facts.sealedAt);
}

/** The clock of OSS has no others. */
function wholeSeconds(ms: number): number {
  return ms - (ms % 1000);
}
