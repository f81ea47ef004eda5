/** A running CRC-64/XZ, the checksum that OSS returns as `x-oss-hash-crc64ecma`. */
export type Crc64 = { update(bytes: Buffer): void; value(): bigint };

/** `before`: of the bytes that were there already. */
export function crc64(before = 0n): Crc64 {
  const { memory, update } = machine();
  let crc = before ^ ALL;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        memory.set(piece, TABLES);
        crc = BigInt.asUintN(64, update(crc, TABLES, TABLES + piece.length));
      }
    },
    value: () => crc ^ ALL,
  };
}

export function checksumOf(bytes: Buffer): bigint {
  const sum = crc64();
  sum.update(bytes);
  return sum.value();
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

const ALL = 2n ** 64n - 1n;
/** Bytes of the module's memory: sixteen tables of 256 words, then a piece to work on. */
const TABLES = 16 * 256 * 8;
const PIECE = 65_536;

/**
 * crc64.wat, assembled (a test does it again and compares). Plain JavaScript has no integers of 64 bits that are fast,
 * and the checksum was the dearest thing in sealing: this takes about two thirds of the time of hash-wasm's.
 */
export const MODULE =
  'AGFzbQEAAAABCAFgA35/fwF+AwIBAAUDAQACBxMCBm1lbW9yeQIABnVwZGF0ZQAACv4CAfsCAQF+AkADQCABQRBqIAJLDQEgASkD' +
  'CCEDIAAgASkDAIUhACAAp0H/AXFBA3QpA4DwASAAQgiIp0H/AXFBA3QpA4DgAYUgAEIQiKdB/wFxQQN0KQOA0AEgAEIYiKdB/wFx' +
  'QQN0KQOAwAGFhSAAQiCIp0H/AXFBA3QpA4CwASAAQiiIp0H/AXFBA3QpA4CgAYUgAEIwiKdB/wFxQQN0KQOAkAEgAEI4iKdBA3Qp' +
  'A4CAAYWFhSADp0H/AXFBA3QpA4BwIANCCIinQf8BcUEDdCkDgGCFIANCEIinQf8BcUEDdCkDgFAgA0IYiKdB/wFxQQN0KQOAQIWF' +
  'IANCIIinQf8BcUEDdCkDgDAgA0IoiKdB/wFxQQN0KQOAIIUgA0IwiKdB/wFxQQN0KQOAECADQjiIp0EDdCkDAIWFhYUhACABQRBq' +
  'IQEMAAsLAkADQCABIAJPDQEgAEIIiCAApyABLQAAc0H/AXFBA3QpAwCFIQAgAUEBaiEBDAALCyAACw==';

type Exports = {
  memory: { buffer: ArrayBuffer };
  update(crc: bigint, at: number, end: number): bigint;
};

type Machine = Pick<Exports, 'update'> & { memory: Uint8Array };

let made: Machine | undefined;

/** One serves all: it holds nothing between two calls. Made when it is first needed, for not every run stores something. */
function machine(): Machine {
  made ??= assembled() ?? plain();
  return made;
}

/** Undefined where WebAssembly cannot be had: it takes ten GiB of addresses, which `ulimit -v` may refuse. */
function assembled(): Machine | undefined {
  try {
    const module = new WebAssembly.Module(Buffer.from(MODULE, 'base64'));
    const { memory, update } = new WebAssembly.Instance(module).exports as Exports;
    fillTables(new BigUint64Array(memory.buffer, 0, TABLES / 8));
    return { memory: new Uint8Array(memory.buffer), update };
  } catch {
    return undefined;
  }
}

/** The same a byte at a time, in halves of 32 bits. */
function plain(): Machine {
  const memory = new Uint8Array(TABLES + PIECE);
  fillTables(new BigUint64Array(memory.buffer, 0, TABLES / 8));
  const halves = new Uint32Array(memory.buffer, 0, 512);
  return {
    memory,
    update(crc, from, end) {
      let [low, high] = [Number(crc & 0xffff_ffffn), Number(crc >> 32n)];
      for (let at = from; at < end; at++) {
        const entry = ((low ^ (memory[at] as number)) & 0xff) * 2;
        low = ((low >>> 8) | (high << 24)) ^ (halves[entry] as number);
        high = (high >>> 8) ^ (halves[entry + 1] as number);
      }
      return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    },
  };
}

/** Table n takes a byte that n more bytes follow. */
function fillTables(tables: BigUint64Array): void {
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
    tables[byte] = crc;
  }
  for (let at = 256; at < tables.length; at++) {
    const shorter = tables[at - 256] ?? 0n;
    tables[at] = (shorter >> 8n) ^ (tables[Number(shorter & 255n)] ?? 0n);
  }
}
