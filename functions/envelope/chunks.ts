import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
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
  /** Made once: of a Buffer some Nodes (24.21) make one for each cipher, which takes longer than sealing a chunk. */
  key: KeyObject;
  baseNonce: Buffer;
};

const CIPHER = 'aes-256-gcm';
const KEY = 32;
const NONCE = 12;
const TAG = 16;
const CIPHER_OPTIONS = { authTagLength: TAG };
/** Chunks handed on together: fewer writes than chunks, and small enough for malloc to use the same memory again. */
const TOGETHER = 4;

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
  const { from, to } = plaintextOf(chunks, message);
  let number = chunks.from;
  let sealed: Buffer[] = [];
  for await (const chunk of cut(plaintext, CHUNK, to - from, sourceChanged)) {
    sealed.push(...sealChunk(message, number++, chunk));
    if (number % TOGETHER !== 0) continue;
    yield Buffer.concat(sealed);
    sealed = [];
  }
  const endsEmpty = message.size % CHUNK === 0 && chunks.to === chunkCount(message);
  if (endsEmpty) sealed.push(...sealChunk(message, number, Buffer.alloc(0)));
  if (sealed.length > 0) yield Buffer.concat(sealed);
}

/**
 * Opens a run of sealed chunks of `message`. Yields only what has verified; throws `cannot-open` at the first chunk
 * that does not, and where `sealed` ends early or late.
 */
export async function* openChunks(message: Message, chunks: Range, sealed: AsyncIterable<Buffer>) {
  const { from, to } = plaintextOf(chunks, message);
  const length = to - from + TAG * (chunks.to - chunks.from);
  let number = chunks.from;
  for await (const chunk of cut(sealed, SEALED_CHUNK, length, cannotOpen)) {
    yield openChunk(message, number++, chunk);
  }
}

/** The whole message for a plaintext that is at hand. */
export function sealMessage(dataKey: Buffer, context: Buffer, plaintext: Buffer, salt?: Buffer): Buffer {
  const message = newMessage(dataKey, context, plaintext.length, salt);
  const chunks = Array.from({ length: chunkCount({ size: plaintext.length }) }, (_, number) =>
    sealChunk(message, number, plaintext.subarray(number * CHUNK, (number + 1) * CHUNK)),
  );
  return Buffer.concat([message.prefix, ...chunks.flat()]);
}

/** The plaintext, `size` bytes, of a whole message. Throws `cannot-open`. */
export function openMessage(dataKey: Buffer, context: Buffer, sealed: Buffer, size: number): Buffer {
  if (sealed.length !== messageSize({ size })) throw cannotOpen('message length');
  const message = existingMessage(dataKey, context, size, sealed.subarray(0, MESSAGE_PREFIX));
  const body = sealed.subarray(MESSAGE_PREFIX);
  const chunks = Array.from({ length: chunkCount({ size }) }, (_, number) =>
    openChunk(message, number, body.subarray(number * SEALED_CHUNK, (number + 1) * SEALED_CHUNK)),
  );
  return Buffer.concat(chunks);
}

/** Ciphertext and tag. */
function sealChunk(message: Message, number: number, plaintext: Buffer): Buffer[] {
  const cipher = createCipheriv(CIPHER, message.key, nonce(message.baseNonce, number), CIPHER_OPTIONS);
  const sealed = cipher.update(plaintext);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

function openChunk(message: Message, number: number, sealed: Buffer): Buffer {
  const body = sealed.length - TAG;
  if (body < 0) throw cannotOpen(`length of chunk ${number}`);
  const decipher = createDecipheriv(CIPHER, message.key, nonce(message.baseNonce, number), CIPHER_OPTIONS);
  decipher.setAuthTag(sealed.subarray(body));
  const plaintext = decipher.update(sealed.subarray(0, body));
  try {
    decipher.final();
    return plaintext;
  } catch {
    throw cannotOpen(`tag of chunk ${number}`);
  }
}

/** The base nonce XOR the chunk number, big-endian, in two words of 32 bits: XOR takes no larger ones. */
function nonce(baseNonce: Buffer, number: number): Buffer {
  const nonce = Buffer.from(baseNonce);
  nonce.writeUInt32BE((nonce.readUInt32BE(NONCE - 4) ^ number) >>> 0, NONCE - 4);
  nonce.writeUInt32BE((nonce.readUInt32BE(NONCE - 8) ^ Math.floor(number / 2 ** 32)) >>> 0, NONCE - 8);
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
    key: createSecretKey(okm.subarray(0, KEY)),
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

/** Cuts a stream of exactly `total` bytes into runs of `length`, the last one shorter. Copies only what came apart. */
async function* cut(
  source: AsyncIterable<Buffer>,
  length: number,
  total: number,
  wrong: (why: string) => Fault,
) {
  let begun: Buffer[] = [];
  let [bytes, left] = [0, total];
  for await (const piece of source) {
    if (piece.length > left) throw wrong('too many bytes');
    left -= piece.length;
    let at = 0;
    for (let end = length - bytes; end <= piece.length; end += length) {
      const run = piece.subarray(at, end);
      yield bytes === 0 ? run : Buffer.concat([...begun, run]);
      [begun, bytes, at] = [[], 0, end];
    }
    if (at < piece.length) begun.push(piece.subarray(at));
    bytes += piece.length - at;
  }
  if (left > 0) throw wrong(`${left} bytes are missing`);
  if (bytes > 0) yield Buffer.concat(begun);
}
