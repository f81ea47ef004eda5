import type { Inbox, Source } from '../cloud/inbox';
import type { Keys, NewDataKey } from '../cloud/keys';
import type { Vault } from '../cloud/vault';
import type { Version } from '../cloud/versions';
import { encryptionContext, type Facts, factsBytes, newEnvelope, sealedPart } from '../envelope/envelope';
import { planParts } from '../envelope/layout';
import { Fault, type FaultCode } from '../fault';
import { nextTry } from '../sweep/due';
import { PUT_MAX, transfer } from '../transfer/transfer';
import { agreedMoment } from './belief';
import { settle } from './settle';
import type { Upload } from './uploads';

export type SealTools = {
  inbox: Inbox;
  vault: Vault;
  keys: Keys;
  keyId: string;
  /** The keys that decrypt may ask for. */
  keyArns: readonly string[];
  partBytes: number;
  parallelParts: number;
  /** Absent: appendable objects are refused. */
  appendableQuietSeconds: number | undefined;
  /** Seconds after which the sweep takes up what was not sealed. */
  graceSeconds: number;
  now: () => Date;
};

/**
 * `superseded`: a newer upload has the key, its own event seals it. `duplicate`: it had been sealed already. `gone`:
 * its owner has removed or hidden it before. `growing`: appended to a moment ago; the sweep comes back to it, where there is a
 * code to refuse it so.
 */
export type Outcome =
  | { outcome: 'sealed'; versionId: string; envelopeVersionId: string; bytes: number; kmsRequestId: string }
  | { outcome: 'growing'; againAfter: string; code?: FaultCode }
  | { outcome: 'superseded' | 'duplicate' | 'gone' };

/**
 * Seals one upload into the vault, then removes exactly the version that was read and the older ones. The order of the
 * calls is the protocol of PROTOCOL.md; the numbers are its steps.
 */
export async function sealUpload(tools: SealTools, upload: Upload): Promise<Outcome> {
  const { inbox, partBytes } = tools;
  if (upload.bucket !== inbox.bucket) throw foreign(upload.bucket);
  // 1
  const before = await lookUp(tools, upload);
  const { own } = before;
  if (!own) return settled(tools, upload, before);
  const waits = growing(tools, upload, own);
  if (waits) return waits;
  const sealedAt = agreedMoment(tools.now(), before.answeredAt);
  // 2
  const source = await inbox.pin(own, Math.min(partBytes, PUT_MAX));
  if (source === 'superseded' || source === 'gone') return settled(tools, upload, { found: source });
  // 3
  const { envelopeVersionId, kmsRequestId } = await seal(tools, source, sealedAt);
  // 4
  const after = await lookUp(tools, source);
  if (!after.own) {
    const found = source.type === 'Appendable' ? 'superseded' : 'gone';
    return settled(tools, upload, { found, envelope: envelopeVersionId });
  }
  // 5
  for (const older of after.older) await inbox.remove(older);
  if (after.others > 0) await settle(tools, { key: upload.key, own: envelopeVersionId });
  // 6
  await inbox.remove(source);
  const { versionId, size } = source;
  return { outcome: 'sealed', versionId, envelopeVersionId, bytes: size, kmsRequestId };
}

type Wanted = Pick<Upload, 'key' | 'eTag' | 'versionId'>;

/** The upload's version, undefined where it is not there (any more), those below it, how many others there are, the current one. */
async function lookUp({ inbox }: SealTools, { key, eTag, versionId }: Wanted) {
  const { versions, answeredAt } = await inbox.versions(key);
  const index = versions.findIndex(
    (version) => isSame(version.eTag, eTag) && version.versionId === (versionId ?? version.versionId),
  );
  const current = versions.find(({ isCurrent }) => isCurrent);
  const [own, older] = [versions[index], versions.slice(index + 1)];
  return { own, older, others: versions.length - 1, answeredAt, current };
}

/** An event may quote an eTag, or write its hex digits small. */
function isSame(eTag: string, other: string): boolean {
  const [one, two] = [eTag, other].map((text) => text.replaceAll('"', '').toUpperCase());
  return one === two;
}

/** The end of a run that has nothing to seal: it leaves the vault in order, whatever the run before it had left. */
async function settled(
  tools: SealTools,
  { key, eTag, uploadedAt }: Upload,
  {
    found,
    envelope,
    current,
  }: { found?: 'superseded' | 'gone'; envelope?: string; current?: Version | undefined },
): Promise<Outcome> {
  const uploads = (await settle(tools, { key, own: envelope })).map(({ inbox }) => inbox);
  if (found === 'superseded') return { outcome: 'superseded' };
  if (uploads.some((upload) => isSame(upload.eTag, eTag))) return { outcome: 'duplicate' };
  const others = [...uploads, ...(current ? [current] : [])];
  const isOlder = uploadedAt !== undefined && others.some(({ lastModified }) => lastModified >= uploadedAt);
  return { outcome: isOlder ? 'superseded' : 'gone' };
}

/**
 * The outcome of an appendable object that is not to be sealed yet: OSS cannot delete one on the condition that nobody has
 * appended to it meanwhile. Throws `source-appendable`, not at each append of which OSS tells.
 */
function growing(
  tools: SealTools,
  { isAppend }: Upload,
  { type, lastModified }: Version,
): Outcome | undefined {
  const { appendableQuietSeconds: quiet, graceSeconds, now } = tools;
  if (type !== 'Appendable') return undefined;
  const age = Math.max(0, (now().getTime() - Date.parse(lastModified)) / 1000);
  if (quiet === undefined && !isAppend) throw appendable();
  if (quiet !== undefined && age >= quiet) return undefined;
  const again = new Date(Date.parse(lastModified) + nextTry(age, graceSeconds) * 1000);
  const refused = quiet === undefined && { code: appendable().code };
  return { outcome: 'growing', againAfter: again.toISOString(), ...refused };
}

async function seal(tools: SealTools, source: Source, sealedAt: Date) {
  const facts = factsOf(tools, source, sealedAt);
  const context = encryptionContext(factsBytes(facts));
  const newKey = await tools.keys.generate(tools.keyId, context);
  checkListed(tools, newKey);
  const envelopeVersionId = await store(tools, source, facts, newKey);
  return { envelopeVersionId, kmsRequestId: newKey.kmsRequestId };
}

/** Nobody opens what is under another key, and in the order of the vault it counts for nothing. */
function checkListed({ keyId, keyArns }: SealTools, { dataKey, wrappedKey: { keyArn } }: NewDataKey): void {
  if (keyArns.includes(keyArn)) return;
  dataKey.fill(0);
  const why = `${keyId} is ${keyArn} now, which ENVELOPE_KMS_KEY_ARNS does not have`;
  throw new Fault('config-invalid', `Cannot seal: ${why}`);
}

function factsOf({ inbox, vault }: SealTools, source: Source, sealedAt: Date): Facts {
  const { key, eTag, versionId, size, lastModified } = source;
  return {
    algorithm: 'cobblestone-256',
    vault: { bucket: vault.bucket, key },
    inbox: { bucket: inbox.bucket, key, eTag, versionId, size, lastModified },
    sealedAt: sealedAt.toISOString(),
  };
}

/** Returns the envelope's version id, once OSS has stored what was sent. */
async function store(
  tools: SealTools,
  source: Source,
  facts: Facts,
  { dataKey, wrappedKey }: NewDataKey,
): Promise<string> {
  const { inbox, vault, partBytes, parallelParts } = tools;
  try {
    const envelope = newEnvelope(facts, source.metadata, dataKey, [wrappedKey]);
    const parts = planParts(source, partBytes).map((part) =>
      sealedPart(envelope, part, () => inbox.read(source, part.plaintext)),
    );
    const writer = vault.writer(source.key, readableClass(source));
    const { versionId } = await transfer(parts, writer, parallelParts);
    if (!versionId || versionId === 'null') throw unversionedVault();
    return versionId;
  } finally {
    dataKey.fill(0);
  }
}

/** An envelope rests in its upload's class; not in an archive, where it could not be opened on demand. */
function readableClass({ storageClass }: Source): string | undefined {
  return storageClass === 'IA' ? storageClass : undefined;
}

/** The next upload of this key would take the place of its envelope. */
function unversionedVault(): Fault {
  return new Fault('vault-unversioned', 'Cannot seal: enable versioning on the vault bucket');
}

function appendable(): Fault {
  return new Fault(
    'source-appendable',
    'Cannot seal an appendable object: set ENVELOPE_APPENDABLE_QUIET_SECONDS to say when it is complete',
  );
}

function foreign(bucket: string): Fault {
  return new Fault(
    'event-invalid',
    `Cannot seal an upload to ${bucket}: it is not the inbox of this function`,
  );
}
