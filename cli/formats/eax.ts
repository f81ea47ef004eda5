import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import type { Unsealer } from './verified-twice';

const BLOCK = 16;

/**
 * AES-EAX without associated data, as of Bellare, Rogaway and Wagner, "The EAX Mode of Operation" (FSE 2004): CTR for secrecy,
 * OMAC for integrity, the three OMACs told apart by a first block of 0, 1 and 2. `key` has 16, 24 or 32 bytes.
 */
export function eaxUnsealer(key: Buffer, nonce: Buffer, tag: Buffer): Unsealer {
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

/** OMAC1 (CMAC, NIST SP 800-38B) of a block that ends in `domain`, then of what `update` is given. */
function omac(key: Buffer, domain: number) {
  const chain = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(BLOCK)).setAutoPadding(false);
  // The last block, whole or not, is masked before it enters the chain: it waits for its successor.
  let held: Buffer = Buffer.alloc(BLOCK);
  held[BLOCK - 1] = domain;
  return {
    update(bytes: Buffer) {
      const all = Buffer.concat([held, bytes]);
      const last = all.length - (all.length % BLOCK || BLOCK);
      chain.update(all.subarray(0, last));
      held = Buffer.from(all.subarray(last));
      return this;
    },
    digest(): Buffer {
      const isWhole = held.length === BLOCK;
      const padded = Buffer.concat([held, Buffer.from([0x80]), Buffer.alloc(BLOCK)]).subarray(0, BLOCK);
      return chain.update(xor(isWhole ? held : padded, mask(key, isWhole ? 1 : 2)));
    },
  };
}

/** The subkeys of CMAC: zero, encrypted, then doubled once or twice in GF(2^128). */
function mask(key: Buffer, times: number): Buffer {
  const ecb = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  let block: Buffer = ecb.update(Buffer.alloc(BLOCK));
  for (let time = 0; time < times; time++) block = doubled(block);
  return block;
}

function doubled(block: Buffer): Buffer {
  const shifted = block.map((byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >> 7));
  const carry = Buffer.alloc(BLOCK);
  carry[BLOCK - 1] = ((block[0] ?? 0) >> 7) * 0x87;
  return xor(Buffer.from(shifted), carry);
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}
