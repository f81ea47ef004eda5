import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  existingMessage,
  newMessage,
  openChunks,
  openMessage,
  sealChunks,
  sealMessage,
} from '../../../functions/envelope/chunks';
import {
  CHUNK,
  chunkCount,
  chunksOf,
  envelopeRange,
  MESSAGE_PREFIX,
  messageSize,
  plaintextOf,
  plaintextSize,
  type Range,
} from '../../../functions/envelope/layout';
import pyca from '../../vectors/pyca-cobblestone-256.json';
import { collect, cut, ruled } from './pieces';

const dataKey = Buffer.alloc(32, 'data key');
const context = Buffer.from('a context');
const salt = Buffer.alloc(24, 'salt');
const SLAB = 64 * CHUNK;

const anySize = fc.oneof(
  fc.integer({ min: 0, max: 5 * CHUNK }),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -1, max: 1 }))
    .map(([chunks, beside]) => chunks * CHUNK + beside),
);
const lengths = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 5 });
const runs = { numRuns: 40 };

describe(`known answers of ${pyca.madeBy.tool} ${pyca.madeBy.version}`, () => {
  describe.each(pyca.vectors)('size=$size, context=$context', (vector) => {
    const key = Buffer.from(vector.key, 'hex');
    const bound = Buffer.from(vector.context);
    const sealed = sealMessage(
      key,
      bound,
      ruled(vector.size),
      Buffer.from(vector.head, 'hex').subarray(0, 24),
    );

    test('sealing with its salt gives its bytes', () => {
      expect(sealed.length).toBe(vector.length);
      expect(sealed.toString('hex', 0, MESSAGE_PREFIX)).toBe(vector.head);
      expect(sealed.toString('hex', sealed.length - 32)).toBe(vector.tail);
      expect(createHash('sha256').update(sealed).digest('hex')).toBe(vector.sha256);
    });

    test('it opens', () => {
      const ciphertext = vector.ciphertext ? Buffer.from(vector.ciphertext, 'base64') : sealed;
      const size = plaintextSize(ciphertext.length) ?? Number.NaN;
      expect(openMessage(key, bound, ciphertext, size).equals(ruled(vector.size))).toBe(true);
    });
  });
});

describe('sealing', () => {
  test.each([0, 1, CHUNK, SLAB - 1, SLAB, SLAB + 1, 2 * SLAB, 2 * SLAB + 3 * CHUNK + 5])(
    'size=%d',
    async (size) => {
      const plaintext = ruled(size);
      const sealed = sealMessage(dataKey, context, plaintext, salt);
      expect(sealed.length).toBe(messageSize({ size }));
      expect((await seal(plaintext, [{ from: 0, to: chunkCount({ size }) }], [65_536])).equals(sealed)).toBe(
        true,
      );
      expect(
        (await open(sealed, size, { from: 0, to: chunkCount({ size }) }, [65_536])).equals(plaintext),
      ).toBe(true);
    },
  );

  test('split into any parts, sealed in any order, from any pieces: the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySize,
        fc.array(fc.nat(), { maxLength: 4 }),
        fc.nat(),
        lengths,
        async (size, at, turn, cuts) => {
          const plaintext = ruled(size);
          const sealed = await seal(plaintext, rotated(split(chunkCount({ size }), at), turn), cuts);
          expect(sealed.equals(sealMessage(dataKey, context, plaintext, salt))).toBe(true);
        },
      ),
      runs,
    );
  });

  test('two messages of one data key, context and plaintext share neither salt nor bytes', () => {
    const [one, other] = [sealMessage(dataKey, context, ruled(9)), sealMessage(dataKey, context, ruled(9))];
    expect(one.subarray(0, 24).equals(other.subarray(0, 24))).toBe(false);
    expect(one.subarray(MESSAGE_PREFIX).equals(other.subarray(MESSAGE_PREFIX))).toBe(false);
  });

  test.each([
    { size: 0, given: 1 },
    { size: 1, given: 0 },
    { size: 10, given: 9 },
    { size: 10, given: 11 },
    { size: CHUNK, given: CHUNK - 1 },
    { size: CHUNK, given: CHUNK + 1 },
    { size: 2 * CHUNK, given: CHUNK },
    { size: SLAB, given: SLAB + 1 },
    { size: SLAB + 1, given: SLAB },
    { size: SLAB + 1, given: SLAB + 2 },
  ])('a source of $given bytes is refused where $size were announced', async ({ size, given }) => {
    const message = newMessage(dataKey, context, size, salt);
    const sealed = sealChunks(message, { from: 0, to: chunkCount({ size }) }, cut(ruled(given), [1000]));
    await expect(collect(sealed)).rejects.toMatchObject({ code: 'source-changed', remedy: 'redeliver' });
  });

  test('a part wants exactly its own bytes', async () => {
    const message = newMessage(dataKey, context, 3 * CHUNK, salt);
    const sealed = sealChunks(message, { from: 1, to: 2 }, cut(ruled(CHUNK + 1)));
    await expect(collect(sealed)).rejects.toMatchObject({ code: 'source-changed' });
  });
});

describe('opening', () => {
  test('inverts sealing, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, lengths, async (size, cuts) => {
        const plaintext = ruled(size);
        const sealed = sealMessage(dataKey, context, plaintext, salt);
        const opened = await open(sealed, size, { from: 0, to: chunkCount({ size }) }, cuts);
        expect(opened.equals(plaintext)).toBe(true);
        expect(openMessage(dataKey, context, sealed, size).equals(plaintext)).toBe(true);
      }),
      runs,
    );
  });

  test('any range of bytes is the slice of the plaintext', async () => {
    await fc.assert(
      fc.asyncProperty(anySize, fc.nat(), fc.nat(5 * CHUNK), lengths, async (size, start, length, cuts) => {
        const plaintext = ruled(size);
        const from = start % (size + 1);
        const to = Math.min(size, from + length);
        const chunks = chunksOf({ from, to }, { size });
        const opened = await open(sealMessage(dataKey, context, plaintext, salt), size, chunks, cuts);
        const first = plaintextOf(chunks, { size }).from;
        expect(opened.subarray(from - first, to - first).equals(plaintext.subarray(from, to))).toBe(true);
      }),
      runs,
    );
  });

  test.each([31, 33, 0])('a data key of %d bytes is refused', (length) => {
    const sealed = sealMessage(dataKey, context, ruled(1), salt);
    const key = Buffer.alloc(length, 'data key');
    expect(() => openMessage(key, context, sealed, 1)).toThrow(
      expect.objectContaining({ code: 'cannot-open' }),
    );
  });

  test.each([0, 24, 55, 57])('a message prefix of %d bytes is refused', (length) => {
    expect(() => existingMessage(dataKey, context, 0, Buffer.alloc(length))).toThrow(
      expect.objectContaining({ code: 'cannot-open' }),
    );
  });

  test('a message at hand that lost its last, empty chunk is refused', () => {
    const whole = sealMessage(dataKey, context, ruled(CHUNK), salt);
    const cutOff = whole.subarray(0, whole.length - 16);
    for (const size of [CHUNK, CHUNK - 16, 0]) {
      expect(() => openMessage(dataKey, context, cutOff, size)).toThrow(
        expect.objectContaining({ code: 'cannot-open' }),
      );
    }
  });
});

/** Seals the parts in the order given, then puts them where they belong. */
async function seal(plaintext: Buffer, parts: Range[], cuts: number[]): Promise<Buffer> {
  const size = plaintext.length;
  const message = newMessage(dataKey, context, size, salt);
  const sealed = Buffer.alloc(messageSize({ size }));
  message.prefix.copy(sealed);
  for (const part of parts) {
    const { from, to } = plaintextOf(part, { size });
    const bytes = await collect(sealChunks(message, part, cut(plaintext.subarray(from, to), cuts)));
    bytes.copy(sealed, envelopeRange(0, part, { size }).from);
  }
  return sealed;
}

async function open(sealed: Buffer, size: number, chunks: Range, cuts: number[]): Promise<Buffer> {
  const message = existingMessage(dataKey, context, size, sealed.subarray(0, MESSAGE_PREFIX));
  const { from, to } = envelopeRange(0, chunks, { size });
  return collect(openChunks(message, chunks, cut(sealed.subarray(from, to), cuts)));
}

/** Runs of chunks between borders picked by `at`. */
function split(count: number, at: number[]): Range[] {
  const picked = at.map((pick) => pick % count).filter((border) => border > 0);
  const borders = [...new Set([0, ...picked, count])].sort((a, b) => a - b);
  return borders.slice(1).map((to, index) => ({ from: borders[index] ?? 0, to }));
}

function rotated(parts: Range[], turn: number): Range[] {
  const first = turn % parts.length;
  return [...parts.slice(first), ...parts.slice(0, first)].reverse();
}
