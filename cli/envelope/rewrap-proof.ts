import { type Stored, vaultIn } from '../../functions/cloud/vault';
import type { Version } from '../../functions/cloud/versions';
import { type Header, parseHeader, plaintextIn, type WrappedKey } from '../../functions/envelope/envelope';
import { chunkCount } from '../../functions/envelope/layout';
import { asFault, Fault } from '../../functions/fault';
import { describeVersion } from '../cloud/described';
import { type History, historyOf } from '../cloud/histories';
import { type Location, showLocation } from '../files/location';
import { type Buckets, type Session, unhurried } from '../session/session';
import { Failure, lacksPermission } from '../terminal/failure';
import { lookAt, openSealed, sealedIn } from './open-sealed';
import { settleKey } from './settle-after';

type Expected = { place: Location; versionId: string; head: Buffer; size: number; checksum: bigint };

/** Reads back what OSS has made: the header's bytes, the size, and by the checksum the body. Throws `stored-differs`. */
export async function checkStored(
  session: Session,
  { place, versionId, head, size, checksum }: Expected,
): Promise<Stored> {
  const stored = await vaultIn(session.oss(place.bucket)).find(place.key, versionId);
  const described = await describeVersion(session, place, versionId);
  const isWhole = stored.size === size && described.checksum === checksum;
  if (isWhole && stored.start.subarray(0, head.length).equals(head)) return stored;
  throw new Fault('stored-differs', 'Cannot trust the new version: it is not what it should be');
}

type Opening = { bucket: string; keyArn: string; stored: Stored };

/** Opens the first chunk and the last. Takes kms:Decrypt on the new key. Throws `cannot-open`. */
export async function checkOpens(session: Session, { bucket, keyArn, stored }: Opening): Promise<void> {
  const sealed = sealedIn(vaultIn(session.oss(bucket)), stored);
  const looked = await lookAt(sealed);
  const { chunks } = await openSealed(session, sealed, looked, [keyArn]);
  const last = chunkCount(plaintextIn(looked.header));
  for (const run of [
    { from: 0, to: 1 },
    { from: last - 1, to: last },
  ]) {
    for await (const piece of chunks(run)) piece.fill(0);
  }
}

const mayOpen = new WeakMap<Session, boolean>();

/**
 * ReEncrypt takes a blob under any key that its caller may use, and does not say which it was: whoever may open has KMS say it
 * first. Whoever may not is held to the deployment's keys by his policy. Throws `cannot-open`.
 */
export async function checkSource(
  session: Session,
  bucket: string,
  { stored, header, due }: { stored: Stored; header: Header; due: WrappedKey },
): Promise<void> {
  if (mayOpen.get(session) === false) return;
  const sealed = sealedIn(vaultIn(session.oss(bucket)), stored);
  try {
    await openSealed(session, sealed, { header, start: stored.start.subarray(header.length) }, [due.keyArn]);
    mayOpen.set(session, true);
  } catch (error) {
    if (mayOpen.get(session) || !lacksPermission(error)) throw error;
    mayOpen.set(session, false);
  }
}

/** `keyArn`: of the wrapped key that was to be replaced. */
type Attempt = { place: Location; version: Version; before: History; keyArn: string };

/**
 * Ends an attempt that is not proven: what it may have put on top is covered by a copy of the version that was there, and
 * the newest envelope is on top. Works after Ctrl-C, too.
 */
export async function takeBack(session: Session, attempt: Attempt): Promise<void> {
  const { place, version, before, keyArn } = attempt;
  const calm = unhurried(session);
  const { current } = await historyOf(calm, place);
  if (!current || before.versionIds.has(current.versionId)) return;
  if (await isOurs(calm, place, { current, version }))
    await vaultIn(calm.oss(place.bucket)).putOnTop(version);
  await settleKey(calm, place, { under: [keyArn] });
}

/** Whether somebody else wrote the key while a version was put on top of it; if so, the newest envelope is on top now. */
export async function isJoined(
  session: Session,
  place: Location,
  { before, versionId }: Made,
): Promise<boolean> {
  const calm = unhurried(session);
  const after = await historyOf(calm, place);
  if ([...after.versionIds].some((id) => id !== versionId && !before.versionIds.has(id))) {
    await settleKey(calm, place, { own: versionId });
    return true;
  }
  if (after.current && [...after.markerIds].some((id) => !before.markerIds.has(id))) throw undeleted(place);
  return false;
}

type Made = { before: History; versionId: string };

/** To delete it again takes a right that rewrapping has not. */
function undeleted(place: Location): Failure {
  const why = 'it was deleted meanwhile, and is there again';
  const left = 'its delete marker, below the new version';
  return new Failure('source-changed', `Cannot rewrap ${showLocation(place)}: ${why}`, {
    left,
    todo: 'delete it again',
  });
}

/** A newer upload has other facts; what cannot be read at all is what we have spoilt. */
async function isOurs(
  session: Buckets,
  { bucket, key }: Location,
  { current, version }: { current: Version; version: Version },
): Promise<boolean> {
  if (current.size !== version.size) return false;
  const vault = vaultIn(session.oss(bucket));
  const find = ({ versionId }: Version) => vault.find(key, versionId);
  const [theirs, ours] = [await find(current), await find(version)];
  try {
    return parseHeader(theirs.start).factsBytes.equals(parseHeader(ours.start).factsBytes);
  } catch (error) {
    return asFault(error).code === 'cannot-open';
  }
}
