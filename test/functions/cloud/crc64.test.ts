import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { createCRC64 } from 'hash-wasm';
import { describe, expect, test, vi } from 'vitest';
import wabt from 'wabt';
import { combineCrc64, crc64, MODULE } from '../../../functions/cloud/crc64';

function direct(...pieces: Uint8Array[]): bigint {
  const checksum = crc64();
  for (const piece of pieces) checksum.update(Buffer.from(piece));
  return checksum.value();
}

/** A run of bytes as combineCrc64 takes it. */
function run(bytes: Uint8Array) {
  return { checksum: direct(bytes), size: bytes.length };
}

/** The checksum 1, followed by runs of these sizes whose own checksum is 0. */
function shifted(...sizes: number[]): bigint {
  return combineCrc64([{ checksum: 1n, size: 0 }, ...sizes.map((size) => ({ checksum: 0n, size }))]);
}

describe('crc64', () => {
  test('of 123456789 is the check value of CRC-64/XZ', () => {
    expect(direct(Buffer.from('123456789'))).toBe(11_051_210_869_376_104_954n);
  });

  test('of nothing is 0', () => {
    expect(direct()).toBe(0n);
  });

  test('is the same in any pieces', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 });
    fc.assert(fc.property(pieces, (cut) => direct(...cut) === direct(Buffer.concat(cut))));
  });

  test('two at a time do not disturb each other', () => {
    const [one, other] = [crc64(), crc64()];
    one.update(Buffer.from('12345'));
    other.update(Buffer.from('abc'));
    one.update(Buffer.from('6789'));
    expect(one.value()).toBe(11_051_210_869_376_104_954n);
  });
});

test('without WebAssembly it is the same, at every length around its pieces', async () => {
  const refusing = class {
    constructor() {
      throw new RangeError('WebAssembly.Instance(): Out of memory');
    }
  };
  vi.stubGlobal('WebAssembly', { Module: refusing, Instance: refusing });
  // Of its own: the modules are shared with other files.
  const own = '../../../functions/cloud/crc64?own';
  const { crc64: plain } = (await import(own)) as { crc64: typeof crc64 };
  expect(plain).not.toBe(crc64);
  const bytes = Buffer.from(Array.from({ length: 66_000 }, (_, index) => (index * 7919) >> 3));
  for (const length of [0, 1, 9, 255, 256, 65_535, 65_536, 65_537, 66_000]) {
    const checksum = plain(length > 9 ? 7n : 0n);
    checksum.update(bytes.subarray(0, length));
    const other = crc64(length > 9 ? 7n : 0n);
    other.update(bytes.subarray(0, length));
    expect([length, checksum.value()]).toEqual([length, other.value()]);
  }
  vi.unstubAllGlobals();
});

describe('the assembled module', () => {
  test('is crc64.wat', async () => {
    const { parseWat } = await wabt();
    const { buffer } = parseWat('crc64.wat', readFileSync('functions/cloud/crc64.wat', 'utf8')).toBinary({});
    expect(Buffer.from(buffer).toString('base64')).toBe(MODULE);
  });

  test('agrees with hash-wasm at every length around its steps and pieces', async () => {
    const other = await createCRC64();
    const bytes = Buffer.from(Array.from({ length: 140_000 }, (_, index) => (index * 7919) >> 3));
    const edges = [0, 65_536, 131_072].flatMap((edge) =>
      Array.from({ length: 40 }, (_, index) => edge + index - 20),
    );
    for (const length of edges.filter((edge) => edge >= 0)) {
      const hash = other.init().update(bytes.subarray(0, length)).digest('hex');
      expect(direct(bytes.subarray(0, length))).toBe(BigInt(`0x${hash}`));
    }
  });
});

describe('combineCrc64', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });

  test('equals the checksum of both runs', () => {
    fc.assert(
      fc.property(bytes, bytes, (first, second) => {
        const combined = combineCrc64([run(first), run(second)]);
        expect(combined).toBe(direct(first, second));
      }),
    );
  });

  test('part by part equals the whole', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 6 }), (parts) => {
        expect(combineCrc64(parts.map(run))).toBe(direct(...parts));
      }),
    );
  });

  test.each([1, 16_384, 102_400, 1_000_003])('second run of %d bytes', (length) => {
    const [first, second] = [Buffer.from('first'), Buffer.alloc(length, 'second')];
    expect(combineCrc64([run(first), run(second)])).toBe(direct(first, second));
  });

  test('the length counts beyond 32 bits', () => {
    expect(shifted(2 ** 32 + 5)).not.toBe(shifted(5));
    expect(shifted(2 ** 32, 5)).toBe(shifted(2 ** 32 + 5));
  });
});
