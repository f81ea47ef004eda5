import { describe, expect, test } from 'vitest';
import {
  checkSize,
  type Facts,
  factsBytes,
  newEnvelope,
  openChunks,
  openEnvelope,
  parseHeader,
  sealChunks,
  type WrappedKey,
} from '../../../functions/envelope/envelope';
import { writeHeader } from '../../../functions/envelope/header';
import {
  CHUNK,
  chunkCount,
  envelopeRange,
  MESSAGE_PREFIX,
  SEALED_CHUNK,
} from '../../../functions/envelope/layout';
import { Fault } from '../../../functions/fault';
import { collect, cut, ruled } from './pieces';
import { dataKey, envelopeOf, factsOf, metadata, wrappedKey } from './specimen';

const HEADER = 4096;
const BODY = HEADER + MESSAGE_PREFIX;

type Opening = { released: Buffer; failure?: Fault; wrappedKeys?: WrappedKey[] };

/**
 * Opens a whole envelope as the product does, one chunk a part, and keeps what came out before a failure. `size` is
 * what the store says of the object: it may lie.
 */
async function open(envelope: Buffer, key: Buffer = dataKey, size = envelope.length): Promise<Opening> {
  const pieces: Buffer[] = [];
  try {
    const header = parseHeader(envelope);
    checkSize(header, size);
    const { message } = openEnvelope(header, envelope.subarray(header.length), key);
    for (let chunk = 0; chunk < chunkCount(message); chunk++) {
      const chunks = { from: chunk, to: chunk + 1 };
      const { from, to } = envelopeRange(header.length, chunks, message);
      // The last range is open-ended: bytes after the envelope reach the reader.
      const sealed = envelope.subarray(from, chunks.to === chunkCount(message) ? undefined : to);
      for await (const piece of openChunks(message, chunks, cut(sealed))) pieces.push(piece);
    }
    return { released: Buffer.concat(pieces), wrappedKeys: header.wrappedKeys };
  } catch (failure) {
    if (!(failure instanceof Fault)) throw failure;
    return { released: Buffer.concat(pieces), failure };
  }
}

/** Refused with the one mute answer, after no more than `intact`. Plain ifs: this runs tens of thousands of times. */
function mute({ failure, released }: Opening, intact: Buffer = Buffer.alloc(0)): void {
  const { code, message, status, remedy } = failure ?? expect.fail('it opened');
  if (
    code !== 'cannot-open' ||
    message !== 'Cannot open the envelope' ||
    status !== 422 ||
    remedy !== 'final'
  )
    expect.fail(`${code}: ${message}`);
  if (!released.equals(intact))
    expect.fail(`${released.length} bytes came out, ${intact.length} were intact`);
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
}

/** The sealed chunks of an envelope, put together anew. */
function rearranged(envelope: Buffer, order: number[]): Buffer {
  const chunks = order.map((number) => {
    const from = BODY + number * SEALED_CHUNK;
    return envelope.subarray(from, from + SEALED_CHUNK);
  });
  return Buffer.concat([envelope.subarray(0, BODY), ...chunks]);
}

const content = Buffer.from('what must stay secret and whole');
const small = await envelopeOf(content);
const plaintext = ruled(3 * CHUNK + 100);
const large = await envelopeOf(plaintext);

test('what was not touched opens', async () => {
  expect((await open(small)).released.equals(content)).toBe(true);
  expect((await open(large)).released.equals(plaintext)).toBe(true);
});

describe('a single flipped bit', () => {
  const keysFrom = small.indexOf('\nkeys ') + '\nkeys '.length;
  const keysTo = small.indexOf('\n', keysFrom);

  test('anywhere but in the wrapped keys of a small envelope: refused', async () => {
    for (let bit = 0; bit < small.length * 8; bit++) {
      const at = bit >> 3;
      if (at < keysFrom || at >= keysTo) mute(await open(flipped(small, bit)));
    }
  });

  test('in the wrapped keys: refused, or KMS is asked for something else, but for the free bits of rule 6', async () => {
    const opened = { keyArn: 0, keyVersionId: 0, ciphertextBlob: 0 };
    for (let bit = keysFrom * 8; bit < keysTo * 8; bit++) {
      const opening = await open(flipped(small, bit));
      if (opening.failure) {
        mute(opening);
        continue;
      }
      expect(opening.released.equals(content)).toBe(true);
      const differ = Object.entries(wrappedKey).filter(
        ([name, value]) => opening.wrappedKeys?.[0]?.[name as keyof WrappedKey] !== value,
      );
      expect(differ.map(([name]) => name)).toEqual([
        expect.stringMatching(/^(keyArn|keyVersionId|ciphertextBlob)$/),
      ]);
      opened[differ[0]?.[0] as keyof typeof opened]++;
    }
    // No reader has such a key on its list, and KMS authenticates what it has wrapped.
    expect(opened).toEqual({ keyArn: 176, keyVersionId: 221, ciphertextBlob: 138 });
  });

  test('in any chunk or tag of a larger envelope: the chunks before it come out, it and later ones do not', async () => {
    for (let chunk = 0; chunk < 4; chunk++) {
      const start = BODY + chunk * SEALED_CHUNK;
      const end = Math.min(start + SEALED_CHUNK, large.length);
      for (const at of [start, (start + end) >> 1, end - 17, end - 16, end - 1]) {
        for (const bit of [0, 7]) {
          mute(await open(flipped(large, at * 8 + bit)), plaintext.subarray(0, chunk * CHUNK));
        }
      }
    }
  });

  test.each([0, 2, 3])(
    'in chunk %d of a longer run: the chunks before it come out, it does not',
    async (chunk) => {
      const { message } = openEnvelope(parseHeader(large), large.subarray(HEADER), dataKey);
      const sealed = cut(flipped(large, (BODY + chunk * SEALED_CHUNK) * 8).subarray(BODY));
      const released: Buffer[] = [];
      const opening = async () => {
        for await (const piece of openChunks(message, { from: 0, to: 4 }, sealed)) released.push(piece);
      };
      await expect(opening()).rejects.toMatchObject({
        code: 'cannot-open',
        message: 'Cannot open the envelope',
      });
      expect(Buffer.concat(released).equals(plaintext.subarray(0, chunk * CHUNK))).toBe(true);
    },
  );
});

describe('length', () => {
  test('cut anywhere: refused', async () => {
    for (let length = 0; length < small.length; length++) mute(await open(small.subarray(0, length)));
  });

  test('cut anywhere in the body while the store says it is whole: refused', async () => {
    for (let length = 0; length < small.length; length++) {
      mute(await open(small.subarray(0, length), dataKey, small.length));
    }
  });

  test.each([0, 1, 2, 3])('cut in and around chunk %d: the chunks before it come out', async (chunk) => {
    const start = BODY + chunk * SEALED_CHUNK;
    const end = Math.min(start + SEALED_CHUNK, large.length);
    for (const length of [start, start + 1, start + 16, end - 17, end - 16, end - 1]) {
      mute(
        await open(large.subarray(0, length), dataKey, large.length),
        plaintext.subarray(0, chunk * CHUNK),
      );
    }
  });

  test.each([1, 15, 16, 17, SEALED_CHUNK])('%d bytes appended: refused', async (more) => {
    mute(await open(Buffer.concat([small, Buffer.alloc(more)])));
    mute(await open(Buffer.concat([small, small.subarray(0, more)]), dataKey, small.length));
  });

  test('a multiple of the chunk whose last, empty chunk is gone: refused', async () => {
    const whole = await envelopeOf(ruled(2 * CHUNK));
    const cutOff = whole.subarray(0, whole.length - 16);
    mute(await open(cutOff));
    mute(await open(cutOff, dataKey, whole.length), ruled(2 * CHUNK));
  });

  test('a chunk appended that verifies under the same key: refused', async () => {
    const facts = factsOf(CHUNK);
    const { head, message } = newEnvelope(facts, metadata, dataKey, [wrappedKey]);
    const longer = { ...message, size: 2 * CHUNK };
    const sealed = await collect(sealChunks(longer, { from: 0, to: 3 }, cut(ruled(2 * CHUNK))));
    mute(await open(Buffer.concat([head, sealed])));
    mute(await open(Buffer.concat([head, sealed]), dataKey, head.length + CHUNK + 32), ruled(CHUNK));
  });

  test.each([8192, 12_288, 65_536])('a header that says it has %d bytes: refused', async (length) => {
    const lying = Buffer.from(large);
    lying.write(String(length).padStart(8, '0'), 15);
    mute(await open(lying));
    mute(await open(lying, dataKey, lying.length - HEADER + length));
  });
});

describe('chunks', () => {
  test.each([
    { order: [1, 0, 2, 3], intact: 0 },
    { order: [0, 2, 1, 3], intact: 1 },
    { order: [2, 1, 0, 3], intact: 0 },
    { order: [1, 2, 0, 3], intact: 0 },
    { order: [0, 0, 2, 3], intact: 1 },
    { order: [0, 1, 1, 3], intact: 2 },
    { order: [2, 2, 2, 3], intact: 0 },
    { order: [3, 0, 1, 2], intact: 0 },
    { order: [1, 2, 3], intact: 0 },
    { order: [0, 2, 3], intact: 1 },
    { order: [0, 1, 3], intact: 2 },
    { order: [0, 1, 2], intact: 3 },
    { order: [0, 0, 1, 2, 3], intact: 1 },
    { order: [0, 1, 2, 3, 3], intact: 3 },
    { order: [0, 1, 2, 2, 3], intact: 3 },
    { order: [3], intact: 0 },
    { order: [], intact: 0 },
  ])('in the order $order: refused, $intact came out', async ({ order, intact }) => {
    const changed = rearranged(large, order);
    mute(await open(changed, dataKey, large.length), plaintext.subarray(0, intact * CHUNK));
    if (changed.length !== large.length) mute(await open(changed));
  });

  test('of another message of the same data key, context and content: refused', async () => {
    const other = await envelopeOf(plaintext);
    const mixed = Buffer.from(large);
    other.copy(mixed, BODY + SEALED_CHUNK, BODY + SEALED_CHUNK, BODY + 2 * SEALED_CHUNK);
    mute(await open(mixed), plaintext.subarray(0, CHUNK));
  });
});

describe('facts', () => {
  const own = factsOf(content.length);
  const { vault, inbox } = own;

  test.each<[string, Facts]>([
    ['vault.bucket', { ...own, vault: { ...vault, bucket: 'another-vault' } }],
    ['vault.key', { ...own, vault: { ...vault, key: 'reports/2027.txt' } }],
    ['inbox.bucket', { ...own, inbox: { ...inbox, bucket: 'another-inbox' } }],
    ['inbox.key', { ...own, inbox: { ...inbox, key: 'reports/2027.txt' } }],
    ['inbox.eTag', { ...own, inbox: { ...inbox, eTag: '7D793037A0760186574B0282F2F435E7' } }],
    ['inbox.versionId', { ...own, inbox: { ...inbox, versionId: 'CAEQ' } }],
    ['inbox.lastModified', { ...own, inbox: { ...inbox, lastModified: '2026-11-21T01:02:02.000Z' } }],
    ['sealedAt', { ...own, sealedAt: '2026-11-21T01:02:04.568Z' }],
    ['inbox.size', factsOf(content.length - 1)],
  ])('another %s over the same body: refused', async (_, facts) => {
    const header = writeHeader(factsBytes(facts), parseHeader(small).metadata, [wrappedKey]);
    const forged = Buffer.concat([header, small.subarray(HEADER)]);
    mute(await open(forged));
    mute(await open(forged, dataKey, header.length + small.length - HEADER - 1));
  });

  test.each([
    ['another object', factsOf(content.length, 'reports/other.txt')],
    ['an older version', { ...own, inbox: { ...inbox, versionId: 'CAEQ0001' } }],
    ['an earlier attempt', { ...own, sealedAt: '2026-11-20T01:02:04.567Z' }],
  ])('the header of %s over this body, and the other way round: refused', async (_, facts) => {
    const other = await envelopeOf(content, facts);
    mute(await open(Buffer.concat([other.subarray(0, HEADER), small.subarray(HEADER)])));
    mute(await open(Buffer.concat([small.subarray(0, HEADER), other.subarray(HEADER)])));
  });
});

describe('metadata', () => {
  const context = factsBytes(factsOf(0));
  const sealedMetadata = parseHeader(small).metadata;

  test('the message of the metadata in place of the body: refused', async () => {
    const size = sealedMetadata.length - MESSAGE_PREFIX - 16;
    const facts = factsOf(size);
    const { head } = newEnvelope(facts, metadata, dataKey, [wrappedKey]);
    const own = parseHeader(head).metadata;
    expect(own.length).toBe(sealedMetadata.length);
    mute(await open(Buffer.concat([head.subarray(0, HEADER), own])));
  });

  test('the message of the body in place of the metadata: refused', async () => {
    const json = Buffer.from('{"headers":[],"userMetadata":[],"tags":[]}');
    const facts = factsOf(json.length);
    const honest = await envelopeOf(json, facts);
    const header = writeHeader(factsBytes(facts), honest.subarray(HEADER), [wrappedKey]);
    mute(await open(Buffer.concat([header, honest.subarray(HEADER)])));
  });

  test('of another object: refused', async () => {
    const other = parseHeader(
      await envelopeOf(content, factsOf(content.length, 'reports/other.txt')),
    ).metadata;
    const header = writeHeader(factsBytes(factsOf(content.length)), other, [wrappedKey]);
    mute(await open(Buffer.concat([header, small.subarray(HEADER)])));
  });

  test.each([1, 16, 55, 56, 71])('%d bytes of it: refused', async (length) => {
    const header = writeHeader(context, sealedMetadata.subarray(0, length), [wrappedKey]);
    mute(await open(Buffer.concat([header, (await envelopeOf(Buffer.alloc(0))).subarray(HEADER)])));
  });
});

describe('data key', () => {
  test.each([
    ['another one', Buffer.alloc(32, 'another')],
    ['one of zeros', Buffer.alloc(32)],
    ['one of 31 bytes', dataKey.subarray(1)],
    ['one of 33 bytes', Buffer.concat([dataKey, Buffer.alloc(1)])],
    ['none', Buffer.alloc(0)],
  ])('%s: refused', async (_, key) => {
    mute(await open(small, key));
  });

  test('any bit of it flipped: refused', async () => {
    for (let bit = 0; bit < 256; bit++) mute(await open(small, flipped(dataKey, bit)));
  });
});
