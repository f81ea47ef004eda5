import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { createMessage, decrypt, encrypt, readMessage } from 'openpgp';
import type { Codec } from './codec';

const sessionKey = { data: randomBytes(32), algorithm: 'aes256', aeadAlgorithm: 'gcm' } as const;

/** OpenPGP.js, RFC 9580: AES-256-GCM in chunks, under a session key that is at hand. */
export function openpgpCodec(): Codec {
  return {
    async *seal(plaintext) {
      const message = await createMessage({ binary: webStream(plaintext) });
      const config = { aeadProtect: true };
      yield* iterated(await encrypt({ message, sessionKey, format: 'binary', config }));
    },
    async *open(sealed) {
      const message = await readMessage({ binaryMessage: webStream(sealed) });
      const { data } = await decrypt({ message, sessionKeys: [sessionKey], format: 'binary' });
      yield* iterated(data);
    },
  };
}

function iterated(stream: unknown): AsyncIterable<Uint8Array> {
  return stream as AsyncIterable<Uint8Array>;
}

function webStream(source: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>;
}
