import { randomBytes, randomUUID } from 'node:crypto';
import { kmsDate } from './date';

export const KEY_STATES = ['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export const KEY_ORIGINS = ['Aliyun_KMS', 'EXTERNAL'] as const;
export type KeyOrigin = (typeof KEY_ORIGINS)[number];

export type PairSpec = 'RSA_2048' | 'RSA_3072' | 'EC_P256' | 'EC_P256K';
export type KeySpec = 'Aliyun_AES_256' | PairSpec;
export type KeyUsage = 'ENCRYPT/DECRYPT' | 'SIGN/VERIFY';

/**
 * `material`, base64: 32 bytes, of an asymmetric key PKCS #8 DER; there is none before it is imported and after it is deleted. A version is a key of
 * its own: old ones only open.
 */
export type KeyVersion = { id: string; material?: string; creationDate: string };

export type Tag = { key: string; value: string };

/** A key. Dates are `2026-11-20T23:57:01Z`. What is optional was not there in the first data folders. */
export type Key = {
  id: string;
  description: string;
  state: KeyState;
  protectionLevel: string;
  creationDate: string;
  /** `Aliyun_KMS` unless given. */
  origin?: KeyOrigin;
  /** `Aliyun_AES_256` unless given. */
  spec?: KeySpec;
  /** `ENCRYPT/DECRYPT` unless given. */
  usage?: KeyUsage;
  /** Oldest first. */
  versions: readonly [KeyVersion, ...KeyVersion[]];
  /** The version that wraps; the last one unless given. */
  primaryVersionId?: string;
  /** Of a key in PendingDeletion. */
  deleteDate?: string;
  deletionProtection?: { description: string };
  /** Seconds; none without automatic rotation. */
  rotationInterval?: number;
  /** Of imported material; none when it never expires. */
  materialExpireTime?: string;
  /** Of the material that was imported first: no other is accepted later. */
  materialDigest?: string;
  tags?: readonly Tag[];
  /** The JSON text as it was set. */
  policy?: string;
  instanceId?: string;
};

/** The version that new data keys are wrapped under. */
export function primaryVersion({ versions, primaryVersionId }: Key): KeyVersion {
  return versions.find(({ id }) => id === primaryVersionId) ?? versions.at(-1) ?? versions[0];
}

/** The spec of a key pair; undefined for a symmetric key. */
export function pairSpec({ spec = 'Aliyun_AES_256' }: Pick<Key, 'spec'>): PairSpec | undefined {
  return spec === 'Aliyun_AES_256' ? undefined : spec;
}

/** A version of a symmetric key that KMS makes itself. */
export function newVersion(now: number): KeyVersion {
  return { id: randomUUID(), material: randomBytes(32).toString('base64'), creationDate: kmsDate(now) };
}

/** The key without these facts. */
export function without(key: Key, ...facts: (keyof Key)[]): Key {
  return Object.fromEntries(
    Object.entries(key).filter(([name]) => !(facts as string[]).includes(name)),
  ) as unknown as Key;
}
