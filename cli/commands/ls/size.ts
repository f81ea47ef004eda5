import type { Version } from '../../../functions/cloud/versions';
import { isOurType } from '../../../functions/encrypt/belief';
import { Fault } from '../../../functions/fault';
import { headerOf } from '../../envelope/header-of';
import { plaintextSizes } from '../../envelope/plaintext-sizes';
import type { Session } from '../../session/session';
import { refusedWithout } from '../../terminal/failure';

/** Bytes of plaintext: as the length of the envelope leaves open, or as its header says; or why it has none. */
export type Size = { least: number; most: number; sealedAt?: string } | { wrong: string };

export function sizeByLength({ size, type }: Version): Size {
  if (!isOurType(type)) return { wrong: `it is of the type ${type}, which no envelope has` };
  return plaintextSizes(size) ?? { wrong: `no envelope has ${size} bytes` };
}

/** By the header. A current version is read without its id, for which `oss:GetObject` is enough. */
export async function exactSize(session: Session, bucket: string, version: Version): Promise<Size> {
  const { key, eTag, size, versionId, isCurrent, storageClass } = version;
  const byLength = sizeByLength(version);
  if ('wrong' in byLength) return byLength;
  if (storageClass.endsWith('Archive')) return { wrong: `it lies in the ${storageClass} class` };
  const permission = isCurrent ? 'oss:GetObject' : 'oss:GetObjectVersion';
  try {
    const listed = { bucket, key, eTag, size, ...(!isCurrent && { versionId }) };
    const { facts } = await headerOf(session, listed).catch(
      refusedWithout(permission, `acs:oss:*:*:${bucket}/${key}`),
    );
    return { least: facts.inbox.size, most: facts.inbox.size, sealedAt: facts.sealedAt };
  } catch (error) {
    if (!(error instanceof Fault) || !/^(cannot-open|envelope-missing|key-unsupported)$/.test(error.code))
      throw error;
    return { wrong: error.detail ?? error.message };
  }
}
