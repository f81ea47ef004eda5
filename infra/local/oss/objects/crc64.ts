// CRC-64/XZ in reflected form: bit 63 is the coefficient of x^0.
const polynomial = 0xc96c5795d7870f42n;
const one = 1n << 63n;
const xToThe8th = 1n << 55n;

/** The product of two polynomials modulo the CRC's own. */
function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

/** x^(8 * length): what appending `length` bytes multiplies a CRC by. */
function shiftFor(length: number): bigint {
  let power = one;
  let square = xToThe8th;
  for (let rest = BigInt(length); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}

export type Crc64 = { crc64: string; size: number };

/** The decimal CRC-64/XZ of pieces laid end to end, from the decimal CRCs and sizes (bytes) of the pieces. */
export function combineCrc64(pieces: Iterable<Crc64>): string {
  const shifts = new Map<number, bigint>(); // parts of one upload are nearly all of one size
  let whole = 0n;
  for (const { crc64, size } of pieces) {
    const shift = shifts.get(size) ?? shiftFor(size);
    shifts.set(size, shift);
    whole = multiply(whole, shift) ^ BigInt(crc64);
  }
  return whole.toString();
}
