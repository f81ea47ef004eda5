import { createHash, randomBytes } from 'node:crypto';

const HASH_BYTES = 32;

/**
 * RSASSA-PSS (RFC 8017, 9.1) over a SHA-256 digest, MGF1 with SHA-256 and a salt of 32 bytes, for a modulus of whole
 * bytes. By hand: node:crypto signs messages and no digests.
 */
export function pssEncoded(digest: Buffer, modulusBytes: number): Buffer {
  const salt = randomBytes(HASH_BYTES);
  const hash = hashOf(digest, salt);
  const block = Buffer.alloc(modulusBytes - HASH_BYTES - 1);
  block[block.length - HASH_BYTES - 1] = 1;
  salt.copy(block, block.length - HASH_BYTES);
  const masked = withoutTopBit(xor(block, mask(hash, block.length)));
  return Buffer.concat([masked, hash, Buffer.from([0xbc])]);
}

/** Whether an encoded message is one of this digest. */
export function isPssOf(encoded: Buffer, digest: Buffer): boolean {
  const masked = encoded.subarray(0, -HASH_BYTES - 1);
  const hash = encoded.subarray(-HASH_BYTES - 1, -1);
  if (encoded.at(-1) !== 0xbc || (masked[0] ?? 0) >= 0x80) return false;
  const block = withoutTopBit(xor(masked, mask(hash, masked.length)));
  const [padding, salt] = [block.subarray(0, -HASH_BYTES), block.subarray(-HASH_BYTES)];
  const expected = Buffer.alloc(padding.length);
  expected[expected.length - 1] = 1;
  return padding.equals(expected) && hashOf(digest, salt).equals(hash);
}

function hashOf(digest: Buffer, salt: Buffer): Buffer {
  return createHash('sha256').update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

function mask(seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / HASH_BYTES) }, (_, index) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(index);
    return createHash('sha256').update(seed).update(counter).digest();
  });
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));
}

// The encoded message has one bit less than the modulus.
function withoutTopBit(block: Buffer): Buffer {
  block[0] = (block[0] ?? 0) & 0x7f;
  return block;
}
