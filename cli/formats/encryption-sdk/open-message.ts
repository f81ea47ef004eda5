import { createDecipheriv, type Decipher } from 'node:crypto';
import { Fault } from '../../../functions/fault';
import { Failure } from '../../terminal/failure';
import type { FormatInput, FormatTools } from '../format';
import { cutShort, doesNotVerify, unsupported } from '../refusals';
import { verifiedTwice } from '../verified-twice';
import type { Algorithm } from './algorithms';
import { contextBytes, isHeaderAuthentic } from './authentication';
import type { Layout, Message } from './message';

const BLOCK = 16;

type Ciphers = NonNullable<Algorithm['ciphers']>;

/** Throws `format-unsupported`: the tag of an SM4 header is SM4-GCM. */
export function ciphersOf({ name }: Layout, { algorithm }: Message): Ciphers {
  if (algorithm.ciphers) return algorithm.ciphers;
  throw unsupported(name, `it is ${algorithm.name}, and Node has no SM4-GCM to check its header with`);
}

/** The plaintext: with GCM after two passes, else one, of which nothing is proven but the header. */
export async function* openMessage(
  layout: Layout,
  input: FormatInput,
  tools: FormatTools,
): AsyncGenerator<Buffer> {
  const message = await layout.read(input);
  const ciphers = ciphersOf(layout, message);
  checkLength(layout, message);
  const dataKey = await unwrap(message, tools);
  try {
    if (dataKey.length !== message.algorithm.keyBytes) throw doesNotVerify();
    if (!isHeaderAuthentic(message, ciphers.header, dataKey)) throw doesNotVerify();
    const open = () => decipher(message, ciphers.body, dataKey);
    const read = () => input.read(message.ciphertext);
    yield* message.algorithm.tagBytes > 0 ? verifiedTwice(read, [open]) : deciphered(read(), open());
  } finally {
    dataKey.fill(0);
  }
}

function checkLength({ name }: Layout, { algorithm, ciphertext }: Message): void {
  const length = ciphertext.to - ciphertext.from;
  const isWhole = length % BLOCK === 0 && (length > 0 || !algorithm.isPadded);
  if (algorithm.name.includes('CBC') && !isWhole) throw cutShort(name, 'its ciphertext ends within a block');
}

/** By the first of the wrapped data keys that is under a trusted key: they may be under keys of several regions. */
async function unwrap({ dataKeys, context }: Message, tools: FormatTools): Promise<Buffer> {
  const entries = context.map(({ key, value }) => [key.toString('utf8'), value.toString('utf8')]);
  const json = entries.length === 0 ? undefined : JSON.stringify(Object.fromEntries(entries));
  let refusal: unknown;
  for (const { blob } of dataKeys) {
    try {
      return await tools.decrypt(blob, json);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function isRefusal(error: unknown): boolean {
  const isKnown = error instanceof Fault || error instanceof Failure;
  return isKnown && /^(kms-refused|cannot-open|key-differs)$/.test(error.code);
}

function decipher(message: Message, cipher: string, dataKey: Buffer): Decipher {
  const { algorithm, iv, tag, context } = message;
  if (algorithm.tagBytes === 0)
    return createDecipheriv(cipher, dataKey, iv).setAutoPadding(algorithm.isPadded);
  return createDecipheriv(cipher as Ciphers['header'], dataKey, iv, { authTagLength: tag.length })
    .setAAD(contextBytes(context))
    .setAuthTag(tag);
}

async function* deciphered(pieces: AsyncIterable<Buffer>, decipher: Decipher): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield decipher.update(piece);
  yield lastOf(decipher);
}

/** A wrong padding. */
function lastOf(decipher: Decipher): Buffer {
  try {
    return decipher.final();
  } catch {
    throw doesNotVerify();
  }
}
