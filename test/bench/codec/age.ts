import { Readable } from 'node:stream';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import type { Codec } from './codec';

/** age, by its author's library for JavaScript. */
export async function ageCodec(): Promise<Codec> {
  const identity = await generateIdentity();
  const encrypter = new Encrypter();
  const decrypter = new Decrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  decrypter.addIdentity(identity);
  return {
    async *seal(plaintext) {
      yield* await encrypter.encrypt(webStream(plaintext));
    },
    async *open(sealed) {
      yield* await decrypter.decrypt(webStream(sealed));
    },
  };
}

function webStream(source: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>;
}
