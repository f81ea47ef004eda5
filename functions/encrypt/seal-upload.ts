import type { Inbox, Source } from '../cloud/inbox';
import type { Keys, NewDataKey } from '../cloud/keys';
import type { Vault } from '../cloud/vault';
import type { Version } from '../cloud/versions';
import {
  encryptionContext,
  type Facts,
  factsBytes,
  type NewEnvelope,
  newEnvelope,
  sealChunks,
} from '../envelope/envelope';
import { envelopeRange, type Part, planParts } from '../envelope/layout';
import { Fault } from '../fault';
import type { Retry } from '../transfer/retry';
import { type OutgoingPart, PUT_MAX, transfer } from '../transfer/transfer';
import { agreedMoment } from './belief';
import { settle } from './settle';
import type { Upload } from './uploads';

export type SealTools = {
  inbox: Inbox;
  vault: Vault;
  keys: Keys;
  retry: Retry;
  keyId: string;
  /** The keys that decrypt may ask for. */
  keyArns: readonly string[];
  partBytes: number;
  parallelParts: number;
  /** Absent: appendable objects are refused. */
  appendableQuietSeconds: number | undefined;
  now: () => Date;
};

/**
 * `superseded`: a newer upload has the key, its own event seals it. `duplicate`: it had been sealed already. `gone`:
 * its owner has removed or hidden it before. `growing`: appended to a moment ago; the sweep comes back to it.
 */
export type Outcome =
  | { outcome: 'sealed'; versionId: string; envelopeVersionId: string; bytes: number; kmsRequestId: string }
  | { outcome: 'superseded' | 'duplicate' | 'gone' | 'growing' };

/**
 * Seals one upload into the vault, then removes exactly the version that was read and the older ones. The order of the
 * calls is the protocol of PROTOCOL.md; the numbers are its steps.
 */
export async function sealUpload(tools: SealTools, upload: Upload): Promise<Outcome> {
  const { inbox, retry, partBytes } = tools;
  if (upload.bucket !== inbox.bucket) throw foreign(upload.bucket);
  // 1
  const before = await lookUp(tools, upload);
  if (!before) return settled(tools, upload);
  if (isGrowing(tools, before.own)) return { outcome: 'growing' };
  const sealedAt = agreedMoment(tools.now(), before.answeredAt);
  // 2
  const source = await retry(() => inbox.pin(before.own, Math.min(partBytes, PUT_MAX)));
  if (source === 'superseded' || source === 'gone') return settled(tools, upload, source);
  // 3
  const { envelopeVersionId, kmsRequestId } = await seal(tools, source, sealedAt);
  // 4
  const after = await lookUp(tools, source);
  if (!after) {
    const found = source.type === 'Appendable' ? 'superseded' : 'gone';
    return settled(tools, upload, found, envelopeVersionId);
  }
  // 5
  for (const older of after.older) await retry(() => inbox.remove(older));
  if (after.others > 0) await settle(tools, upload.key, envelopeVersionId);
  // 6
  await retry(() => inbox.remove(source));
  const { versionId, size } = source;
  return { outcome: 'sealed', versionId, envelopeVersionId, bytes: size, kmsRequestId };
}

type Wanted = Pick<Upload, 'key' | 'eTag' | 'versionId'>;

/** The upload's version, those below it, and how many others there are; undefined where it is not there (any more). */
async function lookUp({ inbox, retry }: SealTools, { key, eTag, versionId }: Wanted) {
  const { versions, answeredAt } = await retry(() => inbox.versions(key));
  const index = versions.findIndex(
    (version) => version.eTag === eTag && version.versionId === (versionId ?? version.versionId),
  );
  const own = versions[index];
  return own && { own, older: versions.slice(index + 1), others: versions.length - 1, answeredAt };
}

/** The end of a run that has nothing to seal: it leaves the vault in order, whatever the run before it had left. */
async function settled(
  tools: SealTools,
  { key, eTag, uploadedAt }: Upload,
  found: 'superseded' | 'gone' = 'gone',
  own?: string,
): Promise<Outcome> {
  const uploads = (await settle(tools, key, own)).map(({ inbox }) => inbox);
  if (found === 'superseded') return { outcome: 'superseded' };
  if (uploads.some((upload) => upload.eTag === eTag)) return { outcome: 'duplicate' };
  const isOlder = uploadedAt !== undefined && uploads.some(({ lastModified }) => lastModified >= uploadedAt);
  return { outcome: isOlder ? 'superseded' : 'gone' };
}

/** OSS cannot delete an object on the condition that nobody has appended to it meanwhile. */
function isGrowing({ appendableQuietSeconds, now }: SealTools, { type, lastModified }: Version): boolean {
  if (type !== 'Appendable') return false;
  if (appendableQuietSeconds === undefined) throw appendable();
  return now().getTime() - Date.parse(lastModified) < appendableQuietSeconds * 1000;
}

async function seal(tools: SealTools, source: Source, sealedAt: Date) {
  const facts = factsOf(tools, source, sealedAt);
  const context = encryptionContext(factsBytes(facts));
  const newKey = await tools.retry(() => tools.keys.generate(tools.keyId, context));
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
  const { vault, partBytes, parallelParts, retry } = tools;
  try {
    const envelope = newEnvelope(facts, source.metadata, dataKey, [wrappedKey]);
    const parts = planParts(source.size, partBytes).map((part) => outgoing(tools, source, envelope, part));
    const writer = vault.writer(source.key, readableClass(source));
    const { versionId } = await transfer(parts, writer, { retry, parallel: parallelParts });
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

/** A part of the envelope: its run of sealed chunks, and before the first the header. */
function outgoing({ inbox }: SealTools, source: Source, envelope: NewEnvelope, part: Part): OutgoingPart {
  const { from, to } = envelopeRange(envelope.headerLength, part.chunks, source.size);
  const head = part.number === 1 ? envelope.head : Buffer.alloc(0);
  return {
    number: part.number,
    size: head.length + to - from,
    async *content() {
      yield head;
      yield* sealChunks(envelope.message, part.chunks, inbox.read(source, part.plaintext));
    },
  };
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
