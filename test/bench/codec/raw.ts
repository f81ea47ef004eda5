import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { CHUNK, SEALED_CHUNK } from '../../../functions/envelope/layout';
import type { Codec } from './codec';

const CIPHER = 'aes-256-gcm';
const TAG = 16;

/** One cipher of node:crypto for all: neither ranges nor parts, and nothing verified before the end. */
export function oneCipher(): Codec {
  const key = randomBytes(32);
  const nonce = Buffer.alloc(12);
  let tag: Buffer = Buffer.alloc(TAG);
  return {
    async *seal(plaintext) {
      const cipher = createCipheriv(CIPHER, key, nonce);
      for await (const piece of plaintext) yield cipher.update(piece);
      yield cipher.final();
      tag = cipher.getAuthTag();
    },
    async *open(sealed) {
      const decipher = createDecipheriv(CIPHER, key, nonce);
      decipher.setAuthTag(tag);
      for await (const piece of sealed) yield decipher.update(piece);
      yield decipher.final();
    },
  };
}

/**
 * What the envelope's format asks of node:crypto and nothing else: a cipher for each chunk of 16 KiB, a tag for each.
 * The pieces must be whole chunks, and a sealed one a whole number of sealed chunks.
 */
export function cipherPerChunk(): Codec {
  const key = createSecretKey(randomBytes(32));
  const nonce = Buffer.alloc(12);
  return {
    async *seal(plaintext) {
      let number = 0;
      for await (const piece of plaintext) {
        for (let at = 0; at < piece.length; at += CHUNK) {
          nonce.writeUInt32BE(number++, 8);
          const cipher = createCipheriv(CIPHER, key, nonce);
          yield cipher.update(piece.subarray(at, at + CHUNK));
          cipher.final();
          yield cipher.getAuthTag();
        }
      }
    },
    async *open(sealed) {
      let number = 0;
      for await (const piece of sealed) {
        for (let at = 0; at < piece.length; at += SEALED_CHUNK) {
          nonce.writeUInt32BE(number++, 8);
          const decipher = createDecipheriv(CIPHER, key, nonce);
          decipher.setAuthTag(piece.subarray(at + CHUNK, at + SEALED_CHUNK));
          yield decipher.update(piece.subarray(at, at + CHUNK));
          decipher.final();
        }
      }
    },
  };
}
