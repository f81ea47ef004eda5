import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { BLOCK, cmac, xor } from './cmac';
import type { Unsealer } from './verified-twice';

/**
 * AES-EAX without associated data, as of Bellare, Rogaway and Wagner, "The EAX Mode of Operation" (FSE 2004): CTR for secrecy,
 * OMAC for integrity, the three OMACs told apart by a first block of 0, 1 and 2. `key` has 16, 24 or 32 bytes.
 */
export function eaxUnsealer({ key, nonce, tag }: Record<'key' | 'nonce' | 'tag', Buffer>): Unsealer {
  const counter = omac(key, 0).update(nonce).digest();
  const header = omac(key, 1).digest();
  const sum = omac(key, 2);
  const stream = createDecipheriv(`aes-${key.length * 8}-ctr`, key, counter);
  return {
    update(ciphertext) {
      sum.update(ciphertext);
      return stream.update(ciphertext);
    },
    final() {
      const expected = xor(xor(counter, header), sum.digest());
      if (tag.length !== BLOCK || !timingSafeEqual(tag, expected)) throw new Error('tag');
      return stream.final();
    },
  };
}

/** OMAC1, which is CMAC, of a block that ends in `domain`, then of what `update` is given. */
function omac(key: Buffer, domain: number) {
  const first = Buffer.alloc(BLOCK);
  first[BLOCK - 1] = domain;
  return cmac(key).update(first);
}
