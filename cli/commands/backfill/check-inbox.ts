import { listVersions } from '../../../functions/cloud/versions';
import { Fault } from '../../../functions/fault';
import { type Location, showLocation } from '../../files/location';
import type { Buckets, Session } from '../../session/session';
import { Failure } from '../../terminal/failure';

/** Throws `usage-wrong` for another bucket than the inbox, `inbox-unversioned` where that is known. */
export async function checkInbox(session: Session, place: Location): Promise<void> {
  const { inboxBucket } = session.deployment;
  if (place.bucket !== inboxBucket) {
    throw new Failure('usage-wrong', `Cannot backfill ${showLocation(place)}: the inbox is ${inboxBucket}`, {
      todo: 'the encrypt function refuses events of other buckets; ENVELOPE_INBOX_BUCKET in --env names the inbox',
    });
  }
  if ((await versioningOf(session, inboxBucket)) !== 'none') return;
  throw new Fault('inbox-unversioned', 'Cannot backfill: enable versioning on the inbox bucket first');
}

/** `unknown` where this identity may not ask: an operator need not. */
async function versioningOf(session: Buckets, bucket: string): Promise<'enabled' | 'none' | 'unknown'> {
  try {
    const { versionStatus } = await session
      .oss(bucket)
      .call('look at the versioning of the inbox', (client) => client.getBucketVersioning(bucket));
    return versionStatus === 'Enabled' ? 'enabled' : 'none';
  } catch (error) {
    if (error instanceof Fault && error.code === 'oss-refused') return 'unknown';
    throw error;
  }
}

/** The moment, by the clock of OSS: that which its listings tell times by. */
export async function clockOf(session: Buckets, { bucket, key: prefix }: Location): Promise<Date> {
  return (await listVersions(session.oss(bucket), { prefix, maxKeys: 1 })).answeredAt;
}
