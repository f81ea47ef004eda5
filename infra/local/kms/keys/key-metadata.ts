import type { Answer, KeyService } from '../store/action';
import { kmsDate } from '../store/date';
import { type Key, pairSpec, primaryVersion } from '../store/key';
import { arn } from './key-id';
import { nextRotation } from './rotation';

/** `KeyMetadata` as CreateKey answers it. */
export function keyMetadata(kms: KeyService, key: Key): Answer {
  const primary = primaryVersion(key);
  return {
    Arn: arn(kms, `key/${key.id}`),
    ...rotation(key),
    CreationDate: key.creationDate,
    Creator: kms.accountId,
    DeleteDate: key.deleteDate ?? '',
    Description: key.description,
    ...(key.instanceId !== undefined && { DKMSInstanceId: key.instanceId }),
    KeyId: key.id,
    KeySpec: key.spec ?? 'Aliyun_AES_256',
    KeyState: key.state,
    KeyUsage: key.usage ?? 'ENCRYPT/DECRYPT',
    LastRotationDate: primary.creationDate,
    MaterialExpireTime: key.materialExpireTime ?? '',
    Origin: key.origin ?? 'Aliyun_KMS',
    // A call names the version of an asymmetric key itself.
    ...(!pairSpec(key) && { PrimaryKeyVersion: primary.id }),
    ProtectionLevel: key.protectionLevel,
  };
}

/** What DescribeKey answers beside. */
export function deletionProtection({ deletionProtection }: Key): Answer {
  if (!deletionProtection) return { DeletionProtection: 'Disabled' };
  return {
    DeletionProtection: 'Enabled',
    DeletionProtectionDescription: deletionProtection.description,
  };
}

function rotation(key: Key): Answer {
  const next = nextRotation(key);
  if (next === undefined) return { AutomaticRotation: 'Disabled' };
  return {
    AutomaticRotation: key.state === 'Enabled' ? 'Enabled' : 'Suspended',
    NextRotationDate: kmsDate(next),
    RotationInterval: `${key.rotationInterval}s`,
  };
}
