import { type Stored, vaultIn } from '../../functions/cloud/vault';
import type { Version } from '../../functions/cloud/versions';
import type { Header, WrappedKey } from '../../functions/envelope/envelope';
import { Fault } from '../../functions/fault';
import { type Prepared, prepareWithHead } from '../cloud/copy-parts';
import { describeVersion } from '../cloud/described';
import { type History, historyOf } from '../cloud/histories';
import { type Location, showLocation } from '../files/location';
import type { Buckets, Session } from '../session/session';
import { asFailure } from '../terminal/failure';
import { checkOpens, checkSource, checkStored, isJoined, takeBack } from './rewrap-proof';
import { type Destination, wrapAnew } from './wrapped-header';

export type ReplaceOptions = {
  bucket: string;
  to: Destination;
  dropsOld?: boolean | undefined;
  opens?: boolean | undefined;
};

/** A current envelope, and the wrapped key to take out. */
export type Due = { version: Version; stored: Stored; header: Header; due: WrappedKey };

export type Replaced = {
  versionId: string;
  oldVersionId: string;
  /** ARN of the key that was taken out. */
  from: string;
  uploadedBytes: number;
  copiedBytes: number;
  /** The old version is deleted. */
  isDropped: boolean;
  /** Somebody else wrote the key meanwhile: the newest is on top, whichever that is. */
  isOvertaken: boolean;
};

/**
 * Puts a version on top of a current one that differs from it in one wrapped key, and proves it: else the old one is put
 * on top again. Undefined: it is not the current one any more, and nothing was put.
 */
export async function replaceVersion(
  session: Session,
  options: ReplaceOptions,
  envelope: Due,
): Promise<Replaced | undefined> {
  const { version, due } = envelope;
  const place = { bucket: options.bucket, key: version.key };
  await checkSource(session, place.bucket, envelope);
  const head = await wrapAnew(session, envelope.header, { due, to: options.to });
  const prepared = await prepare(session, place, { ...envelope, head });
  const before = await lastLook(session, place, prepared);
  if (before.current?.versionId !== version.versionId) {
    await prepared.abort();
    return undefined;
  }
  const versionId = await put(session, options, { ...envelope, place, head, prepared, before });
  const isOvertaken = await isJoined(session, place, { before, versionId });
  const isDropped = options.dropsOld === true && !isOvertaken;
  if (isDropped) await drop(session, place, version);
  const { uploadedBytes, copiedBytes } = prepared;
  const from = due.keyArn;
  return {
    versionId,
    oldVersionId: version.versionId,
    from,
    uploadedBytes,
    copiedBytes,
    isDropped,
    isOvertaken,
  };
}

async function prepare(
  session: Session,
  place: Location,
  { version, stored, head }: Due & { head: Buffer },
): Promise<Prepared> {
  const vault = vaultIn(session.oss(place.bucket));
  const described = await describeVersion(session, place, version.versionId);
  const { size } = stored;
  const object = { ...place, ...described, versionId: version.versionId, size, head };
  return prepareWithHead(session, { ...object, read: (range) => vault.read(stored, range) });
}

async function lastLook(session: Session, place: Location, prepared: Prepared): Promise<History> {
  return historyOf(session, place).catch(async (error) => {
    await prepared.abort();
    throw error;
  });
}

type Putting = Due & { place: Location; head: Buffer; prepared: Prepared; before: History };

/** From here on something can be seen. Returns the id of the new version, once it is proven. */
async function put(session: Session, { opens, to }: ReplaceOptions, work: Putting): Promise<string> {
  const { prepared, place, head, stored, version, before, due } = work;
  try {
    const versionId = await prepared.finish();
    if (!versionId || versionId === 'null')
      throw new Fault('vault-unversioned', 'Cannot rewrap: enable versioning on the vault bucket');
    const { checksum } = prepared;
    const made = await checkStored(session, { place, versionId, head, size: stored.size, checksum });
    if (opens) await checkOpens(session, { bucket: place.bucket, keyArn: to.arn, stored: made });
    return versionId;
  } catch (error) {
    await prepared.abort().catch(() => {});
    await takeBack(session, { place, version, before, keyArn: due.keyArn }).catch(() => {
      const left = `every version of ${showLocation(place)}; the newest may not be the current one: run the command again`;
      throw asFailure(error, { left });
    });
    throw error;
  }
}

async function drop(session: Buckets, { bucket, key }: Location, { versionId }: Version): Promise<void> {
  await session.oss(bucket).call('delete the old version', (client) => client.delete(key, { versionId }));
}
