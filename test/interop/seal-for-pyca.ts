import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { newMessage, sealChunks, sealMessage } from '../../functions/envelope/chunks';
import { chunkCount } from '../../functions/envelope/layout';
import { collect, cut, ruled } from '../functions/envelope/pieces';

const SIZES = [0, 1, 16_383, 16_384, 16_385, 32_768, 40_000, 1_048_576, 1_048_577];
const CONTEXTS = ['', 'context', 'vault/报告 📦\n'];

/** Seals as the product does: the parts of a stream, or (for metadata) bytes at hand. */
async function seal(key: Buffer, context: Buffer, plaintext: Buffer, streamed: boolean): Promise<Buffer> {
  if (!streamed) return sealMessage(key, context, plaintext);
  const message = newMessage(key, context, plaintext.length);
  const chunks = { from: 0, to: chunkCount({ size: plaintext.length }) };
  return Buffer.concat([message.prefix, await collect(sealChunks(message, chunks, cut(plaintext)))]);
}

async function* lines() {
  for (const context of CONTEXTS) {
    for (const [index, size] of SIZES.entries()) {
      const key = randomBytes(32);
      const sealed = await seal(key, Buffer.from(context), ruled(size), index % 2 === 0);
      yield JSON.stringify({ size, context, key: key.toString('hex'), ciphertext: sealed.toString('hex') });
    }
  }
}

async function main([file]: string[]) {
  if (!file) throw new Error('Cannot seal: say which file to write');
  const written: string[] = [];
  for await (const line of lines()) written.push(line);
  writeFileSync(file, `${written.join('\n')}\n`);
}

main(argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
