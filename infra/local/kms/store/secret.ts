import { createHash } from 'node:crypto';
import type { Tag } from './key';

/** `stages`: `ACSCurrent`, `ACSPrevious` and own ones; one without any is deprecated. */
export type SecretVersion = {
  id: string;
  createTime: string;
  stages: readonly string[];
  dataType: string;
  /** The value, where KMS's own key protects it. */
  data?: string;
  /** The value as a blob of the secret's key. */
  sealed?: string;
};

/** A generic secret. Dates are `2026-11-20T23:57:01Z`. */
export type Secret = {
  name: string;
  description: string;
  createTime: string;
  updateTime: string;
  /** Of a secret that is to be deleted. */
  deleteTime?: string;
  /** The key that protects the values; KMS's own unless given. */
  encryptionKeyId?: string;
  tags: readonly Tag[];
  /** Oldest first, 10 at most. */
  versions: readonly SecretVersion[];
};

/** The name of a secret's file. */
export function secretFile({ name }: Pick<Secret, 'name'>): string {
  return `${createHash('sha256').update(name).digest('hex')}.json`;
}
