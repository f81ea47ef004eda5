import { createCipheriv } from 'node:crypto';

export const BLOCK = 16;

/** AES-CMAC (RFC 4493, NIST SP 800-38B) of what `update` is given. `key` has 16, 24 or 32 bytes. */
export function cmac(key: Buffer) {
  const chain = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(BLOCK)).setAutoPadding(false);
  // The last block, whole or not, is masked before it enters the chain: it waits for its successor.
  let held: Buffer = Buffer.alloc(0);
  return {
    update(bytes: Buffer) {
      const all = Buffer.concat([held, bytes]);
      const last = Math.max(0, all.length - (all.length % BLOCK || BLOCK));
      chain.update(all.subarray(0, last));
      held = Buffer.from(all.subarray(last));
      return this;
    },
    digest(): Buffer {
      const isWhole = held.length === BLOCK;
      return chain.update(xor(isWhole ? held : padded(held), mask(key, isWhole ? 1 : 2)));
    },
  };
}

/** A block of what is shorter than one. */
export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.from([0x80]), Buffer.alloc(BLOCK)]).subarray(0, BLOCK);
}

/** The subkeys: zero, encrypted, then doubled once or twice. */
function mask(key: Buffer, times: number): Buffer {
  const ecb = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  let block: Buffer = ecb.update(Buffer.alloc(BLOCK));
  for (let time = 0; time < times; time++) block = doubled(block);
  return block;
}

/** In GF(2^128). */
export function doubled(block: Buffer): Buffer {
  const shifted = block.map((byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >> 7));
  const carry = Buffer.alloc(BLOCK);
  carry[BLOCK - 1] = ((block[0] ?? 0) >> 7) * 0x87;
  return xor(Buffer.from(shifted), carry);
}

export function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}
