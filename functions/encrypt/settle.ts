import type { Vault } from '../cloud/vault';
import type { PageMarker, Version } from '../cloud/versions';
import { checkSize, type Facts, parseHeader } from '../envelope/envelope';
import { Fault } from '../fault';
import { disbelief, isBefore, isLast, isOurType } from './belief';

export type SettleTools = {
  vault: Vault;
  /** The keys that decrypt may ask for; undefined where nobody knows. */
  keyArns: readonly string[] | undefined;
};

type Envelope = { version: Version; facts: Facts };

/** How often somebody else may put something on top. */
const LOOKS = 10;
/** Headers that are read of others while a run has an upload to remove: whoever plants thousands stops no sealing. */
const HEADERS = 1000;

/**
 * Makes the newest envelope of a key the vault's current version, of those that can be believed (belief.ts): where it is not, a
 * copy of it is put on top, and the vault is read again until it is. Nothing is removed. `own`: the version that this run has
 * stored, which is believed. Returns the facts of the envelopes it has looked at. Throws `source-changed` where others write
 * the key all the time.
 */
export async function settle(
  tools: SettleTools,
  { key, own }: { key: string; own?: string | undefined },
): Promise<Facts[]> {
  const { vault } = tools;
  const known: Known = new Map();
  for (let look = 0; look < LOOKS; look++) {
    const { envelopes, current } = await lookAt({ ...tools, known, own }, key);
    const newest = envelopes.toSorted((a, b) => compareOrder(b.facts, a.facts))[0];
    if (!newest || !current || isInOrder({ envelopes, current }, newest, own)) {
      return envelopes.map(({ facts }) => facts);
    }
    await vault.putOnTop(newest.version);
  }
  throw new Fault('source-changed', 'Cannot put the newest envelope on top: the key is written all the time');
}

type Sight = { envelopes: Envelope[]; current: Version };

function isInOrder({ envelopes, current }: Sight, newest: Envelope, own: string | undefined): boolean {
  const top = envelopes.find(({ version }) => version === current);
  if (top) return compareOrder(top.facts, newest.facts) === 0;
  // What its owner has archived may be the newest, unless we have stored one since.
  return isArchived(current) && own === undefined;
}

/** What has been read; no version ever changes. A Fault: OSS refuses to read it. */
type Known = Map<string, Facts | Fault | undefined>;
type Looking = SettleTools & { known: Known; own: string | undefined };

/**
 * The envelopes of a key, the newest version first, as far down as one could be newer than what lies above: none that can be
 * believed is in the vault before its `sealedAt`. `current` is undefined where a delete marker is on top.
 */
async function lookAt(tools: Looking, key: string) {
  const envelopes: Envelope[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  let current: Version | undefined;
  let refusal: Fault | undefined;
  for await (const version of versionsDown(tools, key)) {
    if (version.isCurrent) current = version;
    if (isBefore(version, newest)) {
      if (isLast(version)) break;
      continue;
    }
    const facts = await readOnce(tools, version);
    if (facts instanceof Fault) refusal = facts;
    if (!facts || facts instanceof Fault) continue;
    newest = Math.max(newest, Date.parse(facts.sealedAt));
    envelopes.push({ version, facts });
  }
  // Where one can be read, it is a matter of those that cannot, not of a permission.
  if (refusal && envelopes.length === 0) throw refusal;
  return { envelopes, current };
}

async function* versionsDown({ vault }: SettleTools, key: string): AsyncGenerator<Version> {
  for (let after: PageMarker | undefined; ; ) {
    const { versions, next } = await vault.versionsBelow(key, after);
    yield* versions;
    if (!next) return;
    after = next;
  }
}

async function readOnce(tools: Looking, version: Version): Promise<Facts | Fault | undefined> {
  const { known, own } = tools;
  const { versionId, isCurrent } = version;
  const isOther = own !== undefined && versionId !== own && !isCurrent;
  if (isOther && known.size >= HEADERS) return known.get(versionId);
  if (!known.has(versionId)) known.set(versionId, await readFacts(tools, version));
  return known.get(versionId);
}

/** Undefined where somebody has put something else there: it takes no part in the order. */
async function readFacts(
  { vault, keyArns, own }: Looking,
  version: Version,
): Promise<Facts | Fault | undefined> {
  if (isArchived(version) || !isOurType(version.type)) return undefined;
  try {
    const { start, size } = await vault.find(version.key, version.versionId);
    const header = parseHeader(start);
    const { facts } = header;
    checkSize(header, size);
    if (facts.vault.bucket !== vault.bucket || facts.vault.key !== version.key) return undefined;
    return version.versionId === own || !disbelief(version, header, keyArns) ? facts : undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'cannot-open' || error.code === 'envelope-missing') return undefined;
    if (error.code === 'oss-refused') return error;
    throw error;
  }
}

function isArchived({ storageClass }: Version): boolean {
  return storageClass.endsWith('Archive');
}

/** By the moment just before the upload was found current (PROTOCOL.md tells why this one). */
function compareOrder(a: Facts, b: Facts): number {
  return Date.parse(a.sealedAt) - Date.parse(b.sealedAt);
}
