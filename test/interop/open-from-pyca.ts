import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { existingMessage, openChunks } from '../../functions/envelope/chunks';
import { chunkCount, MESSAGE_PREFIX, plaintextSize } from '../../functions/envelope/layout';
import { collect, cut, ruled } from '../functions/envelope/pieces';

type Vector = { size: number; context: string; key: string; ciphertext?: string };

async function check({ size, context, key, ciphertext = '' }: Vector): Promise<void> {
  const name = `a message of ${size} bytes, context ${JSON.stringify(context)}`;
  const sealed = Buffer.from(ciphertext, 'base64');
  if (plaintextSize(sealed.length) !== size) throw new Error(`Cannot open ${name}: its length is wrong`);
  const prefix = sealed.subarray(0, MESSAGE_PREFIX);
  const message = existingMessage(Buffer.from(key, 'hex'), Buffer.from(context), size, prefix);
  const body = cut(sealed.subarray(MESSAGE_PREFIX));
  const plaintext = await collect(openChunks(message, { from: 0, to: chunkCount({ size }) }, body));
  if (!plaintext.equals(ruled(size))) throw new Error(`Cannot accept ${name}: it opens to another plaintext`);
}

async function main([file]: string[]) {
  if (!file) throw new Error('Cannot open: say which file to read');
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
  if (vectors.length === 0) throw new Error(`Cannot check ${file}: it holds no messages`);
  for (const vector of vectors) await check(vector);
  console.log(vectors.length);
}

main(argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
