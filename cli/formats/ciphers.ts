import { createDecipheriv } from 'node:crypto';
import { doesNotVerify } from './refusals';
import type { Unsealer } from './verified-twice';

/** AES-GCM without associated data. A nonce need not have 12 bytes. */
export function gcmUnsealer({ key, nonce, tag }: Record<'key' | 'nonce' | 'tag', Buffer>): Unsealer {
  const name = `aes-${key.length * 8}-gcm` as 'aes-256-gcm';
  return createDecipheriv(name, key, nonce, { authTagLength: 16 }).setAuthTag(tag);
}

/** AES-CBC with PKCS #7 padding, which is all that `final` can check. */
export function cbcUnsealer({ key, iv }: Record<'key' | 'iv', Buffer>): Unsealer {
  return createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv);
}

/** What KMS unwrapped has the length of an AES key, or of another in bytes. Throws `cannot-open`, mute. */
export function checkDataKey(key: Buffer, lengths = [16, 24, 32]): Buffer {
  if (!lengths.includes(key.length)) throw doesNotVerify();
  return key;
}
