import type { Answer, KeyService } from './action';
import { arn } from './key-id';
import { type Key, primaryVersion } from './keys';

/** `KeyMetadata` as CreateKey and DescribeKey answer it. */
export function keyMetadata(kms: KeyService, key: Key): Answer {
  const primary = primaryVersion(key);
  return {
    Arn: arn(kms, `key/${key.id}`),
    AutomaticRotation: 'Disabled',
    CreationDate: key.creationDate,
    Creator: kms.accountId,
    DeleteDate: '',
    Description: key.description,
    KeyId: key.id,
    KeySpec: 'Aliyun_AES_256',
    KeyState: key.state,
    KeyUsage: 'ENCRYPT/DECRYPT',
    LastRotationDate: primary.creationDate,
    MaterialExpireTime: '',
    Origin: 'Aliyun_KMS',
    PrimaryKeyVersion: primary.id,
    ProtectionLevel: key.protectionLevel,
  };
}

/** A time in ms as KMS writes it: `2026-11-20T23:57:01Z`. */
export function kmsDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
