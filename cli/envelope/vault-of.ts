import { openVault, type Vault } from '../../functions/cloud/vault';
import type { Session } from '../session/session';

/** A vault bucket, under credentials that are good now. */
export async function vaultOf(session: Session, bucket: string): Promise<Vault> {
  return openVault(await session.oss(bucket), await session.oss(bucket), bucket);
}
