import { objectWriter } from '../../functions/cloud/objects';
import { type Bucket, checkKey, ossStatus } from '../../functions/cloud/oss-fault';
import { agreedMoment } from '../../functions/encrypt/belief';
import {
  type Facts,
  type Metadata,
  type NewEnvelope,
  newEnvelope,
  sealedPart,
} from '../../functions/envelope/envelope';
import { planParts, type Range } from '../../functions/envelope/layout';
import { checkMetadata } from '../../functions/envelope/metadata';
import { Fault } from '../../functions/fault';
import { transfer } from '../../functions/transfer/transfer';
import type { Location } from '../files/location';
import type { Buckets, Session } from '../session/session';
import { newDataKey } from './data-key';
import { settleAfter } from './settle-after';

/** What is sealed: bytes that can be read anywhere, and again, and what is said of them. */
export type SealSource = {
  /** What the envelope will say that it was made from; `size` in bytes, `lastModified` in whole seconds. */
  inbox: Facts['inbox'];
  metadata: Metadata;
  /** Half-open. Parts are read at the same time, and again where one is sent again. */
  read(range: Range): AsyncIterable<Buffer>;
};

export type SealOptions = {
  /** Id, alias or ARN; an ARN also says the region and the account of the key. */
  keyId: string;
  /** Plaintext in a part, 8 MiB by default; 102,400 to 1,073,741,824. */
  partBytes?: number | undefined;
  /** Parts at a time, 4 by default. */
  parallel?: number | undefined;
  /** Hears of plaintext as it is read, also when it is read again. */
  onBytes?: ((bytes: number) => void) | undefined;
};

/** `isSettled`: whether it was looked to it that the newest envelope of the key is on top. `bytes`: of plaintext. */
export type SealedInVault = { versionId: string; kmsRequestId: string; bytes: number; isSettled: boolean };

const PART_BYTES = 8 * 1_048_576;
const PARALLEL = 4;

/**
 * Seals a source into the vault as the encrypt function does: a fresh data key, parts in parallel, the checksum of OSS
 * compared, aborted on failure and on Ctrl-C; what was sealed at the same time is put in order. Memory does not grow with the
 * source. Throws `vault-unversioned` before anything is written where it may know, `key-unsupported`,
 * `metadata-unsupported`, `cannot-seal`, and what KMS and OSS refuse with.
 */
export async function sealToVault(
  session: Session,
  source: SealSource,
  place: Location,
  options: SealOptions,
): Promise<SealedInVault> {
  checkKey(place.key);
  const { inbox, metadata } = source;
  checkMetadata(metadata);
  const sealedAt = await momentAt(session.oss(place.bucket));
  const facts: Facts = {
    algorithm: 'cobblestone-256',
    vault: { bucket: place.bucket, key: place.key },
    inbox,
    sealedAt: sealedAt.toISOString(),
  };
  const { dataKey, wrappedKey, kmsRequestId } = await newDataKey(session, options.keyId, facts);
  try {
    const envelope = newEnvelope(facts, metadata, dataKey, [wrappedKey]);
    const versionId = await store(session, source, envelope, { place, ...options });
    const isSettled = await settleAfter(session, place, versionId);
    return { versionId, kmsRequestId, bytes: inbox.size, isSettled };
  } finally {
    dataKey.fill(0);
  }
}

/** Now, by the clock of OSS where ours is wrong: envelopes of one key are ordered by it. Throws `vault-unversioned`. */
async function momentAt(bucket: Bucket): Promise<Date> {
  const { versionStatus, res } = await bucket.call('look at the vault', (client) =>
    client.getBucketVersioning(bucket.name).catch(async (error) => {
      if (ossStatus(error) !== 403) throw error;
      // Who may only write to the vault learns from the answer to that whether it has versions; a refusal tells the time, too.
      return { ...(await client.getBucketPolicy(bucket.name)), versionStatus: 'Enabled' };
    }),
  );
  if (versionStatus !== 'Enabled') throw unversioned();
  return agreedMoment(new Date(), new Date(res.headers.date ?? ''));
}

async function store(
  session: Buckets,
  source: SealSource,
  envelope: NewEnvelope,
  { place, partBytes = PART_BYTES, parallel = PARALLEL, onBytes }: SealOptions & { place: Location },
): Promise<string> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const writer = objectWriter(session.oss(place.bucket), { key: place.key, headers });
  const parts = planParts(source.inbox, partBytes).map((part) =>
    sealedPart(envelope, part, () => counted(source.read(part.plaintext), onBytes)),
  );
  const { versionId } = await transfer(parts, writer, parallel);
  if (!versionId || versionId === 'null') throw unversioned();
  return versionId;
}

async function* counted(pieces: AsyncIterable<Buffer>, onBytes: (bytes: number) => void = () => {}) {
  for await (const piece of pieces) {
    onBytes(piece.length);
    yield piece;
  }
}

function unversioned(): Fault {
  return new Fault('vault-unversioned', 'Cannot seal: enable versioning on the vault bucket');
}
