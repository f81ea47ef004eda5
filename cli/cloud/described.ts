import { Fault } from '../../functions/fault';
import type { Location } from '../files/location';
import type { Buckets } from '../session/session';

/** What OSS tells of a version beside its bytes. */
export type Described = {
  /** CRC-64 of all its bytes. */
  checksum: bigint;
  contentType: string;
  storageClass: string;
};

/** HeadObject of one version. Throws `oss-unavailable` where OSS tells no checksum: nothing could be proven of it. */
export async function describeVersion(
  session: Buckets,
  { bucket, key }: Location,
  versionId: string,
): Promise<Described> {
  const { res } = await session
    .oss(bucket)
    .call('look at the envelope', (client) => client.head(key, { subres: { versionId } }));
  const {
    'x-oss-hash-crc64ecma': checksum,
    'content-type': contentType = 'application/octet-stream',
    'x-oss-storage-class': storageClass = 'Standard',
  } = res.headers;
  if (checksum === undefined)
    throw new Fault('oss-unavailable', 'Cannot prove the envelope: OSS tells no checksum of it');
  return { checksum: BigInt(checksum), contentType, storageClass };
}

/** Throws `vault-unversioned` where what is written takes the place of what is there. */
export async function checkVersioned(session: Buckets, bucket: string): Promise<void> {
  const { versionStatus } = await session
    .oss(bucket)
    .call('look at the vault', (client) => client.getBucketVersioning(bucket));
  if (versionStatus === 'Enabled') return;
  throw new Fault('vault-unversioned', `Cannot rewrap in ${bucket}: enable versioning on it`);
}
