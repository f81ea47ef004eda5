import { settle } from '../../functions/encrypt/settle';
import { historyOf } from '../cloud/histories';
import { type Location, showLocation } from '../files/location';
import { type Session, unhurried } from '../session/session';
import { asFailure } from '../terminal/failure';
import { vaultOf } from './vault-of';

/**
 * After an envelope was stored: where the key has other versions, the newest envelope is on top afterwards, whichever that is
 * (functions/encrypt/PROTOCOL.md, "Sealed elsewhere"). Works after Ctrl-C, too. Returns false where this identity may not
 * look: it takes oss:ListObjectVersions, oss:GetObject and oss:GetObjectVersion.
 */
export async function settleAfter(session: Session, place: Location): Promise<boolean> {
  const calm = unhurried(session);
  try {
    const { versionIds } = await historyOf(calm, place);
    const vault = await vaultOf(calm, place.bucket);
    if (versionIds.size > 1) await settle({ vault, retry: calm.retry }, place.key);
    return true;
  } catch (error) {
    if (asFailure(error).code === 'oss-refused') return false;
    const left = `the new version of ${showLocation(place)}, and whether the newest is on top: see oss-envelope reconcile`;
    throw asFailure(error, { left });
  }
}
