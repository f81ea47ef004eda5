import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { cannotOpen, Fault } from '../fault';
import {
  CHUNK,
  COMMITMENT,
  chunkCount,
  MESSAGE_PREFIX,
  messageSize,
  plaintextOf,
  type Range,
  SALT,
  SEALED_CHUNK,
} from './layout';

/** One message of C2SP chunked-encryption, instance Cobblestone-256 (https://c2sp.org/chunked-encryption). */
export type Message = {
  /** Bytes of plaintext. */
  size: number;
  /** Salt and commitment: the message's first bytes. */
  prefix: Buffer;
  key: Buffer;
  baseNonce: Buffer;
};

const CIPHER = 'aes-256-gcm';
const KEY = 32;
const NONCE = 12;
const TAG = 16;
/** Chunks worked on at once: large enough to keep sockets busy, small enough to be nothing. */
const SLAB = 64;

/** A new message under `dataKey` (32 bytes), bound to `context`, for a plaintext of `size` bytes. */
export function newMessage(
  dataKey: Buffer,
  context: Buffer,
  size: number,
  salt: Buffer = randomBytes(SALT),
): Message {
  const { key, baseNonce, commitment } = derive(dataKey, salt, context);
  return { size, prefix: Buffer.concat([salt, commitment]), key, baseNonce };
}

/** The message whose first bytes are `prefix`. Throws `cannot-open` where key, salt or context are not the ones it was sealed with. */
export function existingMessage(dataKey: Buffer, context: Buffer, size: number, prefix: Buffer): Message {
  if (prefix.length !== MESSAGE_PREFIX) throw cannotOpen('prefix length');
  const { key, baseNonce, commitment } = derive(dataKey, prefix.subarray(0, SALT), context);
  if (!timingSafeEqual(commitment, prefix.subarray(SALT))) throw cannotOpen('commitment');
  return { size, prefix, key, baseNonce };
}

/** Seals a run of chunks of `message`. `plaintext` must yield exactly the bytes of that run, in pieces of any length. */
export async function* sealChunks(message: Message, chunks: Range, plaintext: AsyncIterable<Buffer>) {
  const { from, to } = plaintextOf(chunks, message.size);
  let number = chunks.from;
  for await (const slab of slabs(plaintext, SLAB * CHUNK, to - from, sourceChanged)) {
    yield sealSlab(message, number, slab);
    number += SLAB;
  }
  const endsEmpty = message.size % CHUNK === 0 && chunks.to === chunkCount(message.size);
  if (endsEmpty) yield sealSlab(message, chunks.to - 1, Buffer.alloc(0), 1);
}

/**
 * Opens a run of sealed chunks of `message`. Yields only what has verified; throws `cannot-open` at the first chunk
 * that does not, and where `sealed` ends early or late.
 */
export async function* openChunks(message: Message, chunks: Range, sealed: AsyncIterable<Buffer>) {
  const { from, to } = plaintextOf(chunks, message.size);
  const length = to - from + TAG * (chunks.to - chunks.from);
  let number = chunks.from;
  for await (const slab of slabs(sealed, SLAB * SEALED_CHUNK, length, cannotOpen)) {
    yield openSlab(message, number, slab);
    number += SLAB;
  }
}

/** The whole message for a plaintext that is at hand. */
export function sealMessage(dataKey: Buffer, context: Buffer, plaintext: Buffer, salt?: Buffer): Buffer {
  const message = newMessage(dataKey, context, plaintext.length, salt);
  return Buffer.concat([message.prefix, sealSlab(message, 0, plaintext, chunkCount(plaintext.length))]);
}

/** The plaintext, `size` bytes, of a whole message. Throws `cannot-open`. */
export function openMessage(dataKey: Buffer, context: Buffer, sealed: Buffer, size: number): Buffer {
  if (sealed.length !== messageSize(size)) throw cannotOpen('message length');
  const message = existingMessage(dataKey, context, size, sealed.subarray(0, MESSAGE_PREFIX));
  return openSlab(message, 0, sealed.subarray(MESSAGE_PREFIX));
}

function sealSlab(
  message: Message,
  first: number,
  slab: Buffer,
  count = Math.ceil(slab.length / CHUNK),
): Buffer {
  const sealed = Buffer.allocUnsafe(slab.length + TAG * count);
  for (let index = 0; index < count; index++) {
    const plaintext = slab.subarray(index * CHUNK, (index + 1) * CHUNK);
    sealChunk(message, first + index, plaintext, sealed.subarray(index * SEALED_CHUNK));
  }
  return sealed;
}

function openSlab(message: Message, first: number, slab: Buffer): Buffer {
  const count = Math.ceil(slab.length / SEALED_CHUNK);
  const plaintext = Buffer.allocUnsafe(Math.max(0, slab.length - TAG * count));
  for (let index = 0; index < count; index++) {
    const sealed = slab.subarray(index * SEALED_CHUNK, (index + 1) * SEALED_CHUNK);
    openChunk(message, first + index, sealed, plaintext.subarray(index * CHUNK));
  }
  return plaintext;
}

function sealChunk(message: Message, number: number, plaintext: Buffer, target: Buffer): void {
  const cipher = createCipheriv(CIPHER, message.key, nonce(message.baseNonce, number), {
    authTagLength: TAG,
  });
  cipher.update(plaintext).copy(target);
  cipher.final();
  cipher.getAuthTag().copy(target, plaintext.length);
}

function openChunk(message: Message, number: number, sealed: Buffer, target: Buffer): void {
  if (sealed.length < TAG) throw cannotOpen(`length of chunk ${number}`);
  const body = sealed.length - TAG;
  const decipher = createDecipheriv(CIPHER, message.key, nonce(message.baseNonce, number), {
    authTagLength: TAG,
  });
  decipher.setAuthTag(sealed.subarray(body));
  decipher.update(sealed.subarray(0, body)).copy(target);
  try {
    decipher.final();
  } catch {
    throw cannotOpen(`tag of chunk ${number}`);
  }
}

/** The base nonce XOR the chunk number, big-endian; 48 bits hold every number below 2^38. */
function nonce(baseNonce: Buffer, number: number): Buffer {
  const nonce = Buffer.from(baseNonce);
  const low = nonce.readUIntBE(NONCE - 6, 6);
  nonce.writeUIntBE(Number(BigInt(low) ^ BigInt(number)), NONCE - 6, 6);
  return nonce;
}

function derive(dataKey: Buffer, salt: Buffer, context: Buffer) {
  if (dataKey.length !== KEY) throw cannotOpen('data key length');
  const info = Buffer.concat([
    Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0'),
    salt,
    context,
  ]);
  const okm = expand(dataKey, info, KEY + NONCE + COMMITMENT);
  return {
    key: okm.subarray(0, KEY),
    baseNonce: okm.subarray(KEY, KEY + NONCE),
    commitment: okm.subarray(KEY + NONCE),
  };
}

/** HKDF-Expand with SHA-512 (RFC 5869, section 2.3); node:crypto offers it only together with Extract. */
function expand(prk: Buffer, info: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  let previous: Buffer = Buffer.alloc(0);
  for (let counter = 1; blocks.length * 64 < length; counter++) {
    previous = createHmac('sha512', prk).update(previous).update(info).update(Buffer.of(counter)).digest();
    blocks.push(previous);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function sourceChanged(why: string): Fault {
  return new Fault('source-changed', `Cannot read the source: ${why}`);
}

/** Cuts a stream of exactly `total` bytes into pieces of `length`, the last one shorter. */
async function* slabs(
  source: AsyncIterable<Buffer>,
  length: number,
  total: number,
  wrong: (why: string) => Fault,
) {
  let slab = Buffer.allocUnsafe(Math.min(length, total));
  let filled = 0;
  let left = total;
  for await (let piece of source) {
    if (piece.length > left - filled) throw wrong('too many bytes');
    while (piece.length > 0) {
      const copied = piece.copy(slab, filled);
      filled += copied;
      piece = piece.subarray(copied);
      if (filled < slab.length) continue;
      yield slab;
      left -= filled;
      slab = Buffer.allocUnsafe(Math.min(length, left));
      filled = 0;
    }
  }
  if (left > 0) throw wrong(`${left - filled} bytes are missing`);
}
