import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cut, planSlices, readRange } from '../../../functions/decrypt/ranges';
import { CHUNK, PART_MIN, plaintextOf } from '../../../functions/envelope/layout';
import { type Bench, bytesAt, deployBench, PART, upload } from '../../deployment';
import { post } from './asking';

describe('readRange', () => {
  test.each([
    { text: undefined, size: 0, from: 0, to: 0 },
    { text: undefined, size: 9, from: 0, to: 9 },
    { text: 'bytes=0-', size: 9, from: 0, to: 9 },
    { text: 'bytes=0-0', size: 9, from: 0, to: 1 },
    { text: 'bytes=8-8', size: 9, from: 8, to: 9 },
    { text: 'bytes=8-', size: 9, from: 8, to: 9 },
    { text: 'bytes=0-8', size: 9, from: 0, to: 9 },
    { text: 'bytes=2-999999999999999', size: 9, from: 2, to: 9 },
    { text: 'bytes=-1', size: 9, from: 8, to: 9 },
    { text: 'bytes=-9', size: 9, from: 0, to: 9 },
    { text: 'bytes=-10', size: 9, from: 0, to: 9 },
    { text: 'bytes=-1', size: 0, from: 0, to: 0 },
    { text: 'bytes=007-08', size: 9, from: 7, to: 9 },
  ])('$text of $size bytes', ({ text, size, from, to }) => {
    expect(readRange(text, size)).toEqual({ from, to });
  });

  test.each([
    { text: 'bytes=9-', size: 9 },
    { text: 'bytes=9-10', size: 9 },
    { text: 'bytes=-0', size: 9 },
    { text: 'bytes=0-', size: 0 },
    { text: 'bytes=0-0', size: 0 },
    { text: 'bytes=-0', size: 0 },
  ])('$text of $size bytes has no byte', ({ text, size }) => {
    const unsatisfiable = expect.objectContaining({ code: 'range-unsatisfiable', status: 416 });
    expect(() => readRange(text, size)).toThrow(unsatisfiable);
  });

  test('the wrong way round it is no range, wherever it lies', () => {
    expect(() => readRange('bytes=20-10', 9)).toThrow(/ends before it begins$/);
  });
});

describe('planSlices', () => {
  const sizes = fc.integer({ min: 1, max: 40 * PART_MIN });
  const slicesOf = fc.record({
    size: sizes,
    a: fc.double({ min: 0, max: 1, noNaN: true }),
    b: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  test('the slices are the range, in order; all but the last are parts that OSS takes', () => {
    fc.assert(
      fc.property(slicesOf, ({ size, a, b }) => {
        const [from = 0, end = 0] = [Math.floor(a * (size - 1)), Math.floor(b * (size - 1))].sort(
          (x, y) => x - y,
        );
        const range = { from, to: end + 1 };
        const slices = planSlices(range, { size }, PART_MIN);
        expect(slices[0]?.plaintext.from).toBe(range.from);
        expect(slices.at(-1)?.plaintext.to).toBe(range.to);
        for (const [index, { number, chunks, plaintext }] of slices.entries()) {
          expect(number).toBe(index + 1);
          expect(plaintext.from).toBe(slices[index - 1]?.plaintext.to ?? range.from);
          if (number < slices.length) expect(plaintext.to - plaintext.from).toBeGreaterThanOrEqual(PART_MIN);
          const opened = plaintextOf(chunks, { size });
          expect(opened.from).toBeLessThanOrEqual(plaintext.from);
          expect(opened.to).toBeGreaterThanOrEqual(plaintext.to);
          expect(plaintext.from - opened.from).toBeLessThan(CHUNK);
          expect(opened.to - plaintext.to).toBeLessThan(CHUNK);
        }
      }),
    );
  });

  test('never more than 10,000', () => {
    const size = 48_000_000_000_000;
    const slices = planSlices({ from: 1, to: size }, { size }, PART_MIN);
    expect(slices.length).toBeLessThanOrEqual(10_000);
    expect(slices.at(-1)?.plaintext.to).toBe(size);
  });

  test('the whole ends with its last chunk, be it empty', () => {
    expect(planSlices({ from: 0, to: 0 }, { size: 0 }, PART_MIN)).toHaveLength(1);
    expect(planSlices({ from: 0, to: CHUNK }, { size: CHUNK }, PART_MIN)[0]?.chunks).toEqual({
      from: 0,
      to: 2,
    });
  });
});

test('cut: whatever the pieces, what is left is the slice', async () => {
  const whole = randomBytes(3 * CHUNK);
  const slice = { number: 1, chunks: { from: 1, to: 3 }, plaintext: { from: CHUNK + 5, to: 3 * CHUNK - 7 } };
  for (const length of [1000, 16_384, 20_000, 50_000]) {
    const left: Buffer[] = [];
    for await (const piece of cut(slice, { size: whole.length }, piecesOf(whole.subarray(CHUNK), length)))
      left.push(piece);
    expect(Buffer.concat(left).equals(whole.subarray(CHUNK + 5, 3 * CHUNK - 7))).toBe(true);
  }
});

async function* piecesOf(bytes: Buffer, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

describe('through the signed URL', () => {
  let bench: Bench;
  const objects = new Map<string, Buffer>();
  const sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, PART, 3 * PART + 4321];

  beforeAll(async () => {
    bench = await deployBench();
    for (const size of sizes) {
      objects.set(String(size), randomBytes(size));
      await upload(bench, String(size), objects.get(String(size)) ?? Buffer.alloc(0));
    }
  });
  afterAll(() => bench.close());

  async function slice(key: string, range: string | undefined): Promise<Buffer> {
    const { json } = await post(bench, { key, ...(range !== undefined && { range }) });
    const bytes = await bytesAt(json.url ?? expect.fail(`${key} ${range}: ${json.code}`));
    expect(bytes.length).toBe(Number(json.bytes));
    return bytes;
  }

  test.each(sizes)('an object of %d bytes is whole', async (size) => {
    expect((await slice(String(size), undefined)).equals(objects.get(String(size)) ?? Buffer.alloc(1))).toBe(
      true,
    );
  });

  test('the end of nothing is nothing', async () => {
    expect((await slice('0', 'bytes=-5')).length).toBe(0);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  test('for random objects and ranges the bytes are the slice', async () => {
    const anyRange = fc.record({
      size: fc.constantFrom(...sizes.slice(1)),
      a: share,
      b: share,
      kind: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(anyRange, async ({ size, a, b, kind }) => {
        const [from = 0, last = 0] = [Math.floor(a * (size - 1)), Math.floor(b * (size - 1))].sort(
          (x, y) => x - y,
        );
        const content = objects.get(String(size)) ?? Buffer.alloc(0);
        const [range, wanted] =
          [
            [`bytes=${from}-${last}`, content.subarray(from, last + 1)] as const,
            [`bytes=${from}-`, content.subarray(from)] as const,
            [`bytes=-${last + 1}`, content.subarray(size - last - 1)] as const,
          ][kind] ?? expect.fail();
        expect((await slice(String(size), range)).equals(wanted)).toBe(true);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  test('twenty at once', async () => {
    const wanted = objects.get(String(3 * PART + 4321)) ?? Buffer.alloc(0);
    const all = Array.from({ length: 20 }, (_, n) => slice(String(wanted.length), `bytes=${n}-`));
    for (const [n, bytes] of (await Promise.all(all)).entries())
      expect(bytes.equals(wanted.subarray(n))).toBe(true);
  });
});
