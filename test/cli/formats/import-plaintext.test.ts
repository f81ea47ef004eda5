import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Opening, plaintextOf } from '../../../cli/formats/import-plaintext';

/** Of this many bytes of ciphertext the plaintext is not held in memory. */
const LARGE = 9 * 1_048_576;

async function* inPieces(content: Buffer, size: number) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

/** Opens to one content after the other. */
function openings(...contents: Buffer[]): Opening & { count(): number } {
  let count = 0;
  const open = () => inPieces(contents[Math.min(count++, contents.length - 1)] as Buffer, 10);
  return Object.assign(open, { count: () => count });
}

async function all(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const held: Buffer[] = [];
  for await (const piece of pieces) held.push(piece);
  return Buffer.concat(held);
}

type Case = {
  content: Uint8Array;
  piece: number;
  part: number;
  ciphertextBytes: number;
  isTold: boolean;
  again: boolean[];
};

describe('plaintext to import', () => {
  it('ranges one after the other, some of them twice, are what was opened', async () => {
    const cases = fc.record({
      content: fc.uint8Array({ maxLength: 100 }),
      piece: fc.integer({ min: 1, max: 40 }),
      part: fc.integer({ min: 1, max: 40 }),
      ciphertextBytes: fc.constantFrom(100, LARGE),
      isTold: fc.boolean(),
      again: fc.array(fc.boolean()),
    });
    const check = async ({ piece, part, again, ciphertextBytes, isTold, ...given }: Case) => {
      const content = Buffer.from(given.content);
      const told = isTold ? { size: async () => content.length } : {};
      const open = () => inPieces(content, piece);
      const { size, read } = await plaintextOf(open, { ciphertextBytes, ...told });
      const parts: Buffer[] = [];
      for (let from = 0; from < size; from += part) {
        const range = { from, to: Math.min(size, from + part) };
        if (again[parts.length]) await read(range).next();
        parts.push(await all(read(range)));
      }
      expect(size).toBe(content.length);
      expect(Buffer.concat(parts).equals(content)).toBe(true);
      expect(await all(read({ from: size, to: size }))).toHaveLength(0);
    };
    await fc.assert(fc.asyncProperty(cases, check), { numRuns: 100 });
  });

  const content = randomBytes(95);
  const others = {
    'another last byte': Buffer.concat([content.subarray(0, 94), randomBytes(1)]),
    'a byte more': Buffer.concat([content, Buffer.alloc(1)]),
    'a piece more': Buffer.concat([content.subarray(0, 90), randomBytes(15)]),
    'a byte less': content.subarray(0, 94),
    nothing: Buffer.alloc(0),
  };
  it.each(Object.entries(others))('what comes the second time is refused: %s', async (_, other) => {
    const open = openings(content, other);
    const { size, read } = await plaintextOf(open, { ciphertextBytes: LARGE });
    await all(read({ from: 0, to: 40 })).catch(() => {});
    const last = { from: 40, to: size };
    await expect(all(read(last))).rejects.toMatchObject({ code: 'file-changed' });
    await expect(all(read(last))).rejects.toMatchObject({ code: 'file-changed' });
    expect(open.count()).toBe(2);
  });

  it('what tells its size is opened once, and refused where it has another', async () => {
    for (const told of [94, 95, 96]) {
      const open = openings(content);
      const { size, read } = await plaintextOf(open, { ciphertextBytes: LARGE, size: async () => told });
      const reading = all(read({ from: 0, to: size }));
      if (told === content.length) expect((await reading).equals(content)).toBe(true);
      else await expect(reading).rejects.toMatchObject({ code: 'file-changed' });
      expect(open.count()).toBe(1);
    }
  });

  it('what is small is opened once', async () => {
    const open = openings(content);
    const { read } = await plaintextOf(open, { ciphertextBytes: 100 });
    expect((await all(read({ from: 5, to: 95 }))).equals(content.subarray(5))).toBe(true);
    expect(open.count()).toBe(1);
  });
});
