import type { NewDataKey } from '../../functions/cloud/keys';
import { encryptionContext, type Facts, factsBytes } from '../../functions/envelope/envelope';
import type { Deployed, Session } from '../session/session';
import { refusedWithout } from '../terminal/failure';

/**
 * A fresh data key for an envelope of these facts, by KMS GenerateDataKey and nothing else. `keyId`: id, alias or ARN; an ARN
 * also says the key's region and account. Throws what KMS refuses with.
 */
export async function newDataKey(session: Session, keyId: string, facts: Facts): Promise<NewDataKey> {
  const keys = session.keys(await homeOf(session, keyId));
  const context = encryptionContext(factsBytes(facts));
  return keys.generate(keyId, context).catch(refusedWithout('kms:GenerateDataKey', keyId));
}

async function homeOf(
  session: Pick<Session, 'accountId' | 'region'>,
  keyId: string,
): Promise<{ region: string; accountId: string }> {
  const [, region, accountId] = /^acs:kms:([^:]+):(\d+):/.exec(keyId) ?? [];
  if (region !== undefined && accountId !== undefined) return { region, accountId };
  return { region: session.region, accountId: await session.accountId() };
}

/** The key that a deployment seals under, where none is named. */
export function defaultKey({ deployment }: Deployed): string {
  return `alias/${deployment.name}`;
}
