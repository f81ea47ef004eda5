import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineCrc64, crc64 } from '../../../functions/cloud/crc64';

async function direct(...pieces: Uint8Array[]): Promise<bigint> {
  const checksum = await crc64();
  for (const piece of pieces) checksum.update(Buffer.from(piece));
  return checksum.value();
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
        const combined = combineCrc64(await direct(first), await direct(second), second.length);
        expect(combined).toBe(await direct(first, second));
      }),
    );
  });

  test('part by part equals the whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 6 }), async (parts) => {
        let combined = 0n;
        for (const part of parts) combined = combineCrc64(combined, await direct(part), part.length);
        expect(combined).toBe(await direct(...parts));
      }),
    );
  });

  test.each([1, 16_384, 102_400, 1_000_003])('second run of %d bytes', async (length) => {
    const [first, second] = [Buffer.from('first'), Buffer.alloc(length, 'second')];
    expect(combineCrc64(await direct(first), await direct(second), length)).toBe(await direct(first, second));
  });

  test('the length counts beyond 32 bits', () => {
    expect(combineCrc64(1n, 0n, 2 ** 32 + 5)).not.toBe(combineCrc64(1n, 0n, 5));
    expect(combineCrc64(combineCrc64(1n, 0n, 2 ** 32), 0n, 5)).toBe(combineCrc64(1n, 0n, 2 ** 32 + 5));
  });
});
