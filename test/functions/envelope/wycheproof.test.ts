import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { existingMessage, openChunks } from '../../../functions/envelope/chunks';
import { chunkCount, MESSAGE_PREFIX, plaintextSize } from '../../../functions/envelope/layout';
import { Fault } from '../../../functions/fault';
import { cut } from './pieces';

/** One test of a Wycheproof file of type ChunkedEncryption; hex, `ct` also zlib-compressed. */
type Vector = {
  tcId: number;
  comment: string;
  key: string;
  ctx: string;
  ct: string;
  aeadKey?: string;
  baseNonce?: string;
  /** Of the message, or of the longest prefix of an invalid one that verifies. */
  msgLength?: number;
  msgSha512?: string;
  result: 'valid' | 'invalid';
  flags: string[];
};
type VectorFile = { numberOfTests: number; testGroups: { tests: Vector[] }[] };

const NAME = 'c2sp_chunked_encryption_aes_256_gcm_test.json';
const FILE = join(import.meta.dirname, '../../../../shared/vectors', NAME);
const present = existsSync(FILE);
const vectors = present ? readVectors() : [];

describe.runIf(present)(`Wycheproof ${NAME}`, () => {
  test.each(vectors.filter(({ result }) => result === 'valid'))('$tcId $comment opens', async (vector) => {
    const ciphertext = ciphertextOf(vector);
    const size = plaintextSize(ciphertext.length);
    expect(size).toBe(vector.msgLength);
    const { released, failure } = await open(vector, ciphertext, size ?? 0);
    expect(failure).toBeUndefined();
    expect(sha512(released)).toBe(vector.msgSha512);
  });

  test.each(vectors.filter(({ result }) => result === 'invalid'))(
    '$tcId $comment is refused',
    async (vector) => {
      const ciphertext = ciphertextOf(vector);
      for (const size of [plaintextSize(ciphertext.length), vector.msgLength, 0]) {
        if (size === undefined) continue;
        const { released, failure } = await open(vector, ciphertext, size);
        expect(failure).toMatchObject({ code: 'cannot-open', message: 'Cannot open the envelope' });
        expect(released.length).toBeLessThanOrEqual(vector.msgLength ?? 0);
        if (released.length === vector.msgLength) expect(sha512(released)).toBe(vector.msgSha512);
      }
    },
  );

  test.each(vectors.filter(({ aeadKey }) => aeadKey))(
    '$tcId $comment derives its key and base nonce',
    (vector) => {
      const { key, baseNonce } = messageOf(vector, ciphertextOf(vector), 0);
      expect([key.export().toString('hex'), baseNonce.toString('hex')]).toEqual([
        vector.aeadKey,
        vector.baseNonce,
      ]);
    },
  );

  test('the file says how many vectors it holds', () => {
    expect(vectors.length).toBe(35);
  });
});

function readVectors(): Vector[] {
  const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as VectorFile;
  return testGroups.flatMap(({ tests }) => tests);
}

function ciphertextOf({ ct }: Vector): Buffer {
  return inflateSync(Buffer.from(ct, 'hex'));
}

function messageOf({ key, ctx }: Vector, ciphertext: Buffer, size: number) {
  const prefix = ciphertext.subarray(0, MESSAGE_PREFIX);
  return existingMessage(Buffer.from(key, 'hex'), Buffer.from(ctx, 'hex'), size, prefix);
}

/** Opens as a reader that was told `size` does; what came out before a failure counts. */
async function open(vector: Vector, ciphertext: Buffer, size: number) {
  const released: Buffer[] = [];
  try {
    const message = messageOf(vector, ciphertext, size);
    const body = cut(ciphertext.subarray(MESSAGE_PREFIX));
    for await (const piece of openChunks(message, { from: 0, to: chunkCount({ size }) }, body))
      released.push(piece);
    return { released: Buffer.concat(released), failure: undefined };
  } catch (failure) {
    if (!(failure instanceof Fault)) throw failure;
    return { released: Buffer.concat(released), failure };
  }
}

function sha512(bytes: Buffer): string {
  return createHash('sha512').update(bytes).digest('hex');
}
