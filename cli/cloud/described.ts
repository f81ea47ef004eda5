import type { OssClient } from '../../functions/cloud/oss-client';
import { ossFault } from '../../functions/cloud/oss-fault';
import { Fault } from '../../functions/fault';
import type { Location } from '../files/location';
import type { Session } from '../session/session';

/** What OSS tells of a version beside its bytes. */
export type Described = {
  /** CRC-64 of all its bytes. */
  checksum: bigint;
  contentType: string;
  storageClass: string;
};

/** HeadObject of one version. Throws `oss-unavailable` where OSS tells no checksum: nothing could be proven of it. */
export async function describeVersion(
  session: Session,
  { bucket, key }: Location,
  versionId: string,
): Promise<Described> {
  const { res } = await session.retry(async () => head(await session.oss(bucket), key, versionId));
  const {
    'x-oss-hash-crc64ecma': checksum,
    'content-type': contentType = 'application/octet-stream',
    'x-oss-storage-class': storageClass = 'Standard',
  } = res.headers;
  if (checksum === undefined)
    throw new Fault('oss-unavailable', 'Cannot prove the envelope: OSS tells no checksum of it');
  return { checksum: BigInt(checksum), contentType, storageClass };
}

async function head(client: OssClient, key: string, versionId: string) {
  return client.head(key, { subres: { versionId } }).catch((error) => {
    throw ossFault('look at the envelope', error);
  });
}

/** Throws `vault-unversioned` where what is written takes the place of what is there. */
export async function checkVersioned(session: Session, bucket: string): Promise<void> {
  const client = await session.oss(bucket);
  const { versionStatus } = await session.retry(() =>
    client.getBucketVersioning(bucket).catch((error) => {
      throw ossFault('look at the vault', error);
    }),
  );
  if (versionStatus === 'Enabled') return;
  throw new Fault('vault-unversioned', `Cannot rewrap in ${bucket}: enable versioning on it`);
}
