import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { BLOCK, cmac, doubled, padded, xor } from './cmac';
import type { Unsealer } from './verified-twice';

/**
 * AES-SIV (RFC 5297) without associated data or nonce. The first half of `key`, of 32, 48 or 64 bytes, is S2V's: CMAC over the
 * plaintext; the second CTR's, whose first counter block is the tag with two bits cleared.
 */
export function sivUnsealer({ key, tag }: Record<'key' | 'tag', Buffer>): Unsealer {
  const half = key.length / 2;
  const sum = s2v(key.subarray(0, half));
  const counter = Buffer.from(tag.map((byte, index) => (index === 8 || index === 12 ? byte & 0x7f : byte)));
  const stream = createDecipheriv(`aes-${half * 8}-ctr`, key.subarray(half), counter);
  return {
    update(ciphertext) {
      const plaintext = stream.update(ciphertext);
      sum.update(plaintext);
      return plaintext;
    },
    final() {
      if (!timingSafeEqual(tag, sum.digest())) throw new Error('tag');
      return stream.final();
    },
  };
}

/** S2V of the one string that `update` is given. Its last block's worth is masked, wherever blocks begin: it is held back. */
function s2v(key: Buffer) {
  const zero = cmac(key).update(Buffer.alloc(BLOCK)).digest();
  const sum = cmac(key);
  let held: Buffer = Buffer.alloc(0);
  return {
    update(bytes: Buffer) {
      const all = Buffer.concat([held, bytes]);
      const last = Math.max(0, all.length - BLOCK);
      sum.update(all.subarray(0, last));
      held = Buffer.from(all.subarray(last));
    },
    digest(): Buffer {
      const masked = held.length === BLOCK ? xor(held, zero) : xor(padded(held), doubled(zero));
      return sum.update(masked).digest();
    },
  };
}
