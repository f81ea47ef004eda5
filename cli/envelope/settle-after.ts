import { vaultIn } from '../../functions/cloud/vault';
import { settle } from '../../functions/encrypt/settle';
import { historyOf } from '../cloud/histories';
import { type Location, showLocation } from '../files/location';
import { type Session, unhurried } from '../session/session';
import { asFailure } from '../terminal/failure';
import { trustedKeys } from './trusted-keys';

/** `own`: the version that was stored just now. `under`: ARNs of keys that count beside those of the deployment. */
type Trusted = { own?: string; under?: string[] };

/** Has the newest envelope of a key on top, of those that can be believed: see functions/encrypt/settle.ts. */
export async function settleKey(
  session: Session,
  { bucket, key }: Location,
  { own, under = [] }: Trusted,
): Promise<void> {
  const { vaultBucket } = session.deployment;
  const listed = bucket === vaultBucket ? await trustedKeys(session) : undefined;
  const keyArns = listed && [...listed, ...under];
  await settle({ vault: vaultIn(session.oss(bucket)), keyArns }, { key, own });
}

/**
 * After an envelope was stored: where the key has other versions, the newest envelope is on top afterwards, whichever that is
 * (functions/encrypt/PROTOCOL.md, "Sealed elsewhere"). Works after Ctrl-C, too. Returns false where this identity may not
 * look: it takes oss:ListObjectVersions, oss:GetObject and oss:GetObjectVersion.
 */
export async function settleAfter(session: Session, place: Location, own: string): Promise<boolean> {
  const calm = unhurried(session);
  try {
    const { versionIds } = await historyOf(calm, place);
    if (versionIds.size > 1) await settleKey(calm, place, { own });
    return true;
  } catch (error) {
    if (asFailure(error).code === 'oss-refused') return false;
    const left = `the new version of ${showLocation(place)}, and whether the newest is on top: see oss-envelope reconcile`;
    throw asFailure(error, { left });
  }
}
