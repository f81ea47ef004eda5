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
      expect([key.toString('hex'), baseNonce.toString('hex')]).toEqual([vector.aeadKey, vector.baseNonce]);
    },
  );

  test('the file says how many vectors it holds', () => {
    expect(vectors.length).toBe(35);
  });
});
