import { randomBytes } from 'node:crypto';
import {
  existingMessage,
  type Message,
  newMessage,
  openChunks,
  sealChunks,
} from '../../../functions/envelope/chunks';
import { chunkCount } from '../../../functions/envelope/layout';
import { type Codec, POOL } from './codec';

/** The codec of the functions. It opens the first message that it has sealed. */
export function ownCodec(): Codec {
  const dataKey = randomBytes(32);
  const context = Buffer.from('{}');
  const chunks = { from: 0, to: chunkCount({ size: POOL }) };
  let first: Message | undefined;
  return {
    async *seal(plaintext) {
      const message = newMessage(dataKey, context, POOL);
      first ??= message;
      yield* sealChunks(message, chunks, plaintext);
    },
    async *open(sealed) {
      if (!first) throw new Error('Cannot open: nothing has been sealed');
      yield* openChunks(existingMessage(dataKey, context, POOL, first.prefix), chunks, sealed);
    },
  };
}
