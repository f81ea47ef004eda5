import { createCRC64 } from 'hash-wasm';

/** A running CRC-64/XZ, the checksum that OSS returns as `x-oss-hash-crc64ecma`. */
export type Crc64 = { update(bytes: Buffer): void; value(): bigint };

export async function crc64(): Promise<Crc64> {
  const hasher = await createCRC64();
  hasher.init();
  return {
    update: (bytes) => void hasher.update(bytes),
    value: () => Buffer.from(hasher.digest('binary')).readBigUInt64BE(),
  };
}

/** The checksum of runs of bytes one after the other, from the checksum and the size of each. */
export function combineCrc64(runs: { checksum: bigint; size: number }[]): bigint {
  const shifts = new Map<number, bigint>();
  let combined = 0n;
  for (const { checksum, size } of runs) {
    const shift = shifts.get(size) ?? power(8n * BigInt(size));
    shifts.set(size, shift);
    combined = multiply(combined, shift) ^ checksum;
  }
  return combined;
}

/** Polynomials over GF(2), bit-reversed: the highest bit is x^0. */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const ONE = 1n << 63n;
const X = 1n << 62n;

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}

/** x to the power of `exponent`, modulo the polynomial. */
function power(exponent: bigint): bigint {
  let result = ONE;
  let square = X;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, square);
    square = multiply(square, square);
  }
  return result;
}
