import { createCRC64 } from 'hash-wasm';
import { describe, expect, test } from 'vitest';
import { combineCrc64 } from '../../../../../infra/local/oss/objects/crc64';

async function crc64(bytes: Buffer): Promise<string> {
  const crc = (await createCRC64()).init();
  return BigInt(`0x${crc.update(bytes).digest('hex')}`).toString();
}

describe("the CRC-64 of pieces laid end to end [observed in an official SDK's tests]", () => {
  test('check value of CRC-64/XZ', async () => {
    expect(await crc64(Buffer.from('123456789'))).toBe('11051210869376104954');
  });

  test.each([[[9]], [[1, 8]], [[0, 9, 0]], [[3, 3, 3]], [[100_000, 1, 70_001]], [[]]])(
    'sizes=%j',
    async (sizes) => {
      const pieces = sizes.map((size, at) => Buffer.alloc(size, `${at}piece`));
      const parts = await Promise.all(
        pieces.map(async (piece) => ({ crc64: await crc64(piece), size: piece.length })),
      );
      expect(combineCrc64(parts)).toBe(await crc64(Buffer.concat(pieces)));
    },
  );
});
