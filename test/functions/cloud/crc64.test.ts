import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineCrc64, crc64 } from '../../../functions/cloud/crc64';

async function direct(...pieces: Uint8Array[]): Promise<bigint> {
  const checksum = await crc64();
  for (const piece of pieces) checksum.update(Buffer.from(piece));
  return checksum.value();
}

/** A run of bytes as combineCrc64 takes it. */
async function run(bytes: Uint8Array) {
  return { checksum: await direct(bytes), size: bytes.length };
}

/** The checksum 1, followed by runs of these sizes whose own checksum is 0. */
function shifted(...sizes: number[]): bigint {
  return combineCrc64([{ checksum: 1n, size: 0 }, ...sizes.map((size) => ({ checksum: 0n, size }))]);
}

describe('crc64', () => {
  test('of 123456789 is the check value of CRC-64/XZ', async () => {
    expect(await direct(Buffer.from('123456789'))).toBe(11_051_210_869_376_104_954n);
  });

  test('of nothing is 0', async () => {
    expect(await direct()).toBe(0n);
  });

  test('is the same in any pieces', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, async (cut) => (await direct(...cut)) === (await direct(Buffer.concat(cut)))),
    );
  });

  test('two at a time do not disturb each other', async () => {
    const [one, other] = [await crc64(), await crc64()];
    one.update(Buffer.from('12345'));
    other.update(Buffer.from('abc'));
    one.update(Buffer.from('6789'));
    expect(one.value()).toBe(11_051_210_869_376_104_954n);
  });
});

describe('combineCrc64', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });

  test('equals the checksum of both runs', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (first, second) => {
        const combined = combineCrc64([await run(first), await run(second)]);
        expect(combined).toBe(await direct(first, second));
      }),
    );
  });

  test('part by part equals the whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (parts) => {
        expect(combineCrc64(await Promise.all(parts.map(run)))).toBe(await direct(...parts));
      }),
    );
  });

  test.each([1, 16_384, 102_400, 1_000_003])('second run of %d bytes', async (length) => {
    const [first, second] = [Buffer.from('first'), Buffer.alloc(length, 'second')];
    expect(combineCrc64([await run(first), await run(second)])).toBe(await direct(first, second));
  });

  test('the length counts beyond 32 bits', () => {
    expect(shifted(2 ** 32 + 5)).not.toBe(shifted(5));
    expect(shifted(2 ** 32, 5)).toBe(shifted(2 ** 32 + 5));
  });
});
