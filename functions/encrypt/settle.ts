import type { Vault } from '../cloud/vault';
import type { Version } from '../cloud/versions';
import { type Facts, parseHeader } from '../envelope/envelope';
import { Fault } from '../fault';
import type { Retry } from '../transfer/retry';

export type SettleTools = { vault: Vault; retry: Retry };

type Envelope = { version: Version; facts: Facts };

/** How far `sealedAt` and the clock of OSS may be apart: no more than a signature allows. */
export const SKEW_MS = 15 * 60_000;

/**
 * Makes the newest envelope of a key the vault's current version: where it is not, a copy of it is put on top, and the
 * vault is read again until it is. Nothing is removed. Returns the facts of the envelopes it has looked at.
 */
export async function settle({ vault, retry }: SettleTools, key: string): Promise<Facts[]> {
  for (;;) {
    const versions = await retry(() => vault.versions(key));
    const envelopes = await candidates({ vault, retry }, versions);
    const newest = envelopes.toSorted((a, b) => compareOrder(b.facts, a.facts))[0];
    const current = envelopes.find(({ version }) => version.isCurrent);
    const isHidden = versions.length > 0 && !versions.some(({ isCurrent }) => isCurrent);
    if (!newest || isHidden || (current && compareOrder(current.facts, newest.facts) === 0)) {
      return envelopes.map(({ facts }) => facts);
    }
    await retry(() => vault.putOnTop(newest.version));
  }
}

/**
 * The envelopes among `versions`, the newest first, as far down as one could be newer than what lies above: none is in
 * the vault before its `sealedAt`.
 */
async function candidates(tools: SettleTools, versions: Version[]): Promise<Envelope[]> {
  const envelopes: Envelope[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  for (const version of versions) {
    if (Date.parse(version.lastModified) + SKEW_MS < newest) break;
    const facts = await readFacts(tools, version);
    if (!facts) continue;
    newest = Math.max(newest, Date.parse(facts.sealedAt));
    envelopes.push({ version, facts });
  }
  return envelopes;
}

/** Undefined where somebody has put something else there: it takes no part in the order. */
async function readFacts({ vault, retry }: SettleTools, version: Version): Promise<Facts | undefined> {
  try {
    const { start } = await retry(() => vault.find(version.key, version.versionId));
    const { facts } = parseHeader(start);
    return facts.vault.bucket === vault.bucket && facts.vault.key === version.key ? facts : undefined;
  } catch (error) {
    if (error instanceof Fault && (error.code === 'cannot-open' || error.code === 'envelope-missing'))
      return undefined;
    throw error;
  }
}

/** By the moment just before the upload was found current (PROTOCOL.md tells why this one). */
function compareOrder(a: Facts, b: Facts): number {
  return Date.parse(a.sealedAt) - Date.parse(b.sealedAt);
}
