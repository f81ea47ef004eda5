import type { Inbox, Source } from '../cloud/inbox';
import type { Keys, NewDataKey } from '../cloud/keys';
import type { Vault } from '../cloud/vault';
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
import { retry } from '../transfer/retry';
import { type OutgoingPart, transfer } from '../transfer/transfer';
import type { Upload } from './uploads';

export type SealTools = {
  inbox: Inbox;
  vault: Vault;
  keys: Keys;
  keyId: string;
  partBytes: number;
  parallelParts: number;
  now: () => Date;
};

/** `superseded`: a newer upload has the key, its own event seals it. `gone`: sealed before, or removed by its owner. */
export type Outcome =
  | { outcome: 'sealed'; versionId: string; envelopeVersionId: string; bytes: number; kmsRequestId: string }
  | { outcome: 'superseded' | 'gone' };

/** Seals one upload into the vault, then removes exactly the version that was read. */
export async function sealUpload(tools: SealTools, upload: Upload): Promise<Outcome> {
  const { inbox, keys, keyId } = tools;
  if (upload.bucket !== inbox.bucket) throw foreign(upload.bucket);
  const source = await retry(() => inbox.pin(upload.key, upload.eTag));
  if (typeof source === 'string') return { outcome: source };
  const facts = factsOf(tools, source);
  const newKey = await retry(() => keys.generate(keyId, encryptionContext(factsBytes(facts))));
  const envelopeVersionId = await seal(tools, source, facts, newKey);
  await retry(() => inbox.remove(source));
  return {
    outcome: 'sealed',
    versionId: source.versionId,
    envelopeVersionId,
    bytes: source.size,
    kmsRequestId: newKey.kmsRequestId,
  };
}

function factsOf({ inbox, vault, now }: SealTools, source: Source): Facts {
  const { key, eTag, versionId, size, lastModified } = source;
  return {
    algorithm: 'cobblestone-256',
    vault: { bucket: vault.bucket, key },
    inbox: { bucket: inbox.bucket, key, eTag, versionId, size, lastModified },
    sealedAt: now().toISOString(),
  };
}

/** Returns the envelope's version id, once OSS has stored what was sent. */
async function seal(
  tools: SealTools,
  source: Source,
  facts: Facts,
  { dataKey, wrappedKey }: NewDataKey,
): Promise<string> {
  const { vault, partBytes, parallelParts } = tools;
  try {
    const envelope = newEnvelope(facts, source.metadata, dataKey, [wrappedKey]);
    const parts = planParts(source.size, partBytes).map((part) => outgoing(tools, source, envelope, part));
    const { versionId } = await transfer(parts, vault.writer(source.key), parallelParts);
    if (!versionId || versionId === 'null') throw unversionedVault();
    return versionId;
  } finally {
    dataKey.fill(0);
  }
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

function foreign(bucket: string): Fault {
  return new Fault(
    'event-invalid',
    `Cannot seal an upload to ${bucket}: it is not the inbox of this function`,
  );
}
