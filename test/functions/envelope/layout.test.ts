import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHUNK,
  chunkCount,
  chunksOf,
  envelopeRange,
  envelopeSize,
  HEADER_MAX,
  MESSAGE_PREFIX,
  messageSize,
  PART_MAX,
  PART_MIN,
  PARTS_MAX,
  type Part,
  PLAINTEXT_MAX,
  plaintextOf,
  plaintextSize,
  planParts,
} from '../../../functions/envelope/layout';

const PREFERRED = 8_388_608;
const TAG = 16;
const anySize = fc.oneof(
  fc.integer({ min: 0, max: PLAINTEXT_MAX }),
  fc
    .tuple(fc.integer({ min: 1, max: PLAINTEXT_MAX / CHUNK - 1 }), fc.integer({ min: -1, max: 1 }))
    .map(([chunks, beside]) => chunks * CHUNK + beside),
);

/** Worked out by hand and with big integers: size, chunks, bytes of the message. */
const sizes: [size: number, chunks: number, message: number][] = [
  [0, 1, 72],
  [1, 1, 73],
  [16_383, 1, 16_455],
  [16_384, 2, 16_472],
  [16_385, 2, 16_473],
  [32_768, 3, 32_872],
  [8_388_607, 512, 8_396_855],
  [8_388_608, 513, 8_396_872],
  [8_388_609, 513, 8_396_873],
  [4_294_967_295, 262_144, 4_299_161_655],
  [4_294_967_296, 262_145, 4_299_161_672],
  [4_294_967_297, 262_145, 4_299_161_673],
  [PLAINTEXT_MAX, 2_978_515_626, 48_847_656_250_072],
];

describe('sizes', () => {
  test.each(sizes)('size=%d', (size, chunks, message) => {
    expect(chunkCount({ size })).toBe(chunks);
    expect(messageSize({ size })).toBe(message);
    expect(plaintextSize(message)).toBe(size);
    expect(envelopeSize(4096, { size })).toBe(4096 + message);
  });

  test('plaintextSize inverts messageSize', () => {
    fc.assert(fc.property(anySize, (size) => plaintextSize(messageSize({ size })) === size));
  });

  test('a message size is another for every plaintext size', () => {
    fc.assert(fc.property(anySize, (size) => messageSize({ size: size + 1 }) > messageSize({ size })));
  });

  test('every message size up to three chunks has its plaintext or none', () => {
    const possible = new Map(
      Array.from({ length: 3 * CHUNK + 1 }, (_, size) => [messageSize({ size }), size]),
    );
    for (let bytes = -1; bytes <= messageSize({ size: 3 * CHUNK }); bytes++) {
      if (plaintextSize(bytes) !== possible.get(bytes)) expect.fail(`message of ${bytes} bytes`);
    }
  });

  test.each([-1, 0, 55, 56, 71, 16_456, 16_457, 16_471, 32_856, 72.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'no plaintext has a message of %d bytes',
    (bytes) => {
      expect(plaintextSize(bytes)).toBeUndefined();
    },
  );

  test('sixteen message sizes at every chunk border belong to no plaintext', () => {
    const chunks = fc.integer({ min: 1, max: PLAINTEXT_MAX / CHUNK });
    fc.assert(
      fc.property(chunks, fc.integer({ min: 0, max: TAG - 1 }), (count, beside) => {
        return plaintextSize(MESSAGE_PREFIX + count * (CHUNK + TAG) + beside) === undefined;
      }),
    );
  });
});

describe('envelopeRange', () => {
  test.each([
    { size: 0, chunks: [0, 1], range: [4152, 4168] },
    { size: 1, chunks: [0, 1], range: [4152, 4169] },
    { size: 16_383, chunks: [0, 1], range: [4152, 20_551] },
    { size: 16_384, chunks: [0, 1], range: [4152, 20_552] },
    { size: 16_384, chunks: [1, 2], range: [20_552, 20_568] },
    { size: 16_385, chunks: [1, 2], range: [20_552, 20_569] },
    { size: 4_294_967_297, chunks: [262_144, 262_145], range: [4_299_165_752, 4_299_165_769] },
  ])('size=$size, chunks=$chunks', ({ size, chunks: [from = 0, to = 0], range }) => {
    expect(Object.values(envelopeRange(4096, { from, to }, { size }))).toEqual(range);
  });

  test('all chunks are all that follows the header and the message prefix', () => {
    fc.assert(
      fc.property(anySize, (size) => {
        const { from, to } = envelopeRange(8192, { from: 0, to: chunkCount({ size }) }, { size });
        return from === 8192 + MESSAGE_PREFIX && to === envelopeSize(8192, { size });
      }),
    );
  });

  test('a chunk begins where the one before it ends', () => {
    fc.assert(
      fc.property(anySize, fc.nat(), (size, pick) => {
        const number = pick % chunkCount({ size });
        const before = envelopeRange(4096, { from: 0, to: number }, { size });
        return before.to === envelopeRange(4096, { from: number, to: number + 1 }, { size }).from;
      }),
    );
  });
});

describe('chunksOf', () => {
  test.each([
    { range: [0, 0], chunks: [0, 1] },
    { range: [0, 1], chunks: [0, 1] },
    { range: [0, 16_384], chunks: [0, 1] },
    { range: [0, 16_385], chunks: [0, 2] },
    { range: [16_383, 16_384], chunks: [0, 1] },
    { range: [16_383, 16_385], chunks: [0, 2] },
    { range: [16_384, 16_384], chunks: [1, 2] },
    { range: [16_384, 16_385], chunks: [1, 2] },
    { range: [4_294_967_295, 4_294_967_297], chunks: [262_143, 262_145] },
  ])('bytes=$range', ({ range: [from = 0, to = 0], chunks }) => {
    expect(Object.values(chunksOf({ from, to }, { size: to }))).toEqual(chunks);
  });

  test('a range lies within its chunks, and in no fewer', () => {
    fc.assert(
      fc.property(anySize, fc.nat(), fc.nat(), (size, start, length) => {
        const from = start % (size + 1);
        const to = Math.min(size, from + length);
        const chunks = chunksOf({ from, to }, { size });
        const held = plaintextOf(chunks, { size });
        const narrowest = chunks.to - chunks.from === 1 || (chunks.to - 1) * CHUNK < to;
        return held.from <= from && to <= held.to && narrowest && chunks.to <= chunkCount({ size });
      }),
    );
  });
});

describe('planParts', () => {
  test.each([
    { size: 0, parts: [[0, 1]] },
    { size: 1, parts: [[0, 1]] },
    { size: 16_384, parts: [[0, 2]] },
    { size: 8_388_607, parts: [[0, 512]] },
    { size: 8_388_608, parts: [[0, 513]] },
    {
      size: 8_388_609,
      parts: [
        [0, 512],
        [512, 513],
      ],
    },
    {
      size: 16_777_215,
      parts: [
        [0, 512],
        [512, 1024],
      ],
    },
    {
      size: 16_777_216,
      parts: [
        [0, 512],
        [512, 1025],
      ],
    },
  ])('size=$size', ({ size, parts }) => {
    const plan = planParts({ size }, PREFERRED);
    expect(plan.map(({ chunks }) => [chunks.from, chunks.to])).toEqual(parts);
    checkPlan(plan, size);
  });

  test.each([
    [4_294_967_295, 512],
    [4_294_967_296, 512],
    [4_294_967_297, 513],
    [10_000 * PREFERRED, 10_000],
    [10_000 * PREFERRED + 1, 9_981],
    [PLAINTEXT_MAX, 10_000],
  ])('size=%d in %d parts', (size, count) => {
    const plan = planParts({ size }, PREFERRED);
    expect(plan.length).toBe(count);
    checkPlan(plan, size);
  });

  test.each([PLAINTEXT_MAX + 1, 2 ** 53, -1, 0.5, 16_384.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'size=%d is refused',
    (size) => {
      expect(() => planParts({ size }, PREFERRED)).toThrow(RangeError);
    },
  );

  test.each([0, 1, PART_MIN - 1, -PREFERRED])('parts of %d bytes are refused', (preferred) => {
    expect(() => planParts({ size: 1 }, preferred)).toThrow(RangeError);
  });

  test('any size in any number of parts', () => {
    const preferred = fc.integer({ min: PART_MIN, max: 1_073_741_824 });
    fc.assert(
      fc.property(preferred, fc.double({ min: 0, max: 100, noNaN: true }), (bytes, parts) => {
        const size = Math.floor(bytes * parts);
        checkPlan(planParts({ size }, bytes), size);
      }),
    );
  });

  test('sizes for which 10,000 preferred parts would not do', () => {
    const size = fc.integer({ min: PLAINTEXT_MAX / 2, max: PLAINTEXT_MAX });
    fc.assert(
      fc.property(size, (bytes) => checkPlan(planParts({ size: bytes }, PART_MIN), bytes)),
      { numRuns: 4 },
    );
  });
});

/** Plain ifs: expect() for each of 10,000 parts takes seconds. */
function checkPlan(plan: Part[], size: number): void {
  if (plan.length < 1 || plan.length > PARTS_MAX) expect.fail(`${plan.length} parts`);
  let chunk = 0;
  let byte = 0;
  for (const [index, { number, chunks, plaintext }] of plan.entries()) {
    const last = index === plan.length - 1;
    const sealed = envelopeRange(HEADER_MAX, chunks, { size });
    const stored = sealed.to - sealed.from + (number === 1 ? HEADER_MAX + MESSAGE_PREFIX : 0);
    const contiguous = number === index + 1 && chunks.from === chunk && plaintext.from === byte;
    const whole = last || plaintext.to === chunks.to * CHUNK;
    const allowed = stored <= PART_MAX && (last || stored >= PART_MIN);
    if (!(contiguous && whole && allowed))
      expect.fail(`part ${JSON.stringify(plan[index])} of ${size} bytes`);
    chunk = chunks.to;
    byte = plaintext.to;
  }
  expect([chunk, byte]).toEqual([chunkCount({ size }), size]);
}
