import { decodeBase64 } from '../base64';
import type { FormatInput } from '../format';
import { cutShort } from '../refusals';
import { algorithmOf } from './algorithms';
import { checkedHead } from './checked-head';
import { type Cursor, createCursor } from './cursor';
import type { ContextEntry, Layout, Message, WrappedDataKey } from './message';

const NAME = 'encryption-sdk-stream';

/**
 * The layout of streams in Java (CipherHeader and DefaultEncryptHandler of its sources, no documentation): version,
 * algorithm, context, wrapped data keys, headerIv, headerTag, each number and length as u32 big-endian, except the one
 * before the iv, which is little-endian; then ciphertext, and with GCM its tag, to the end.
 */
export const streamLayout: Layout = { name: NAME, begin: /^000000010000000[1-9a-c]/, read };

async function read(input: FormatInput): Promise<Message> {
  const cursor = createCursor(input, NAME);
  const version = await number(cursor);
  const algorithm = await number(cursor);
  if (version !== 1 || !algorithmOf(algorithm)) throw cursor.wrong('it does not begin as such a stream');
  const context = await contextIn(cursor);
  const dataKeys = await listOf(cursor, () => dataKeyIn(cursor));
  const headerIv = await field(cursor);
  const headerTag = await field(cursor);
  const iv = await cursor.take((await cursor.take(4)).readUInt32LE());
  const tagBytes = algorithmOf(algorithm)?.tagBytes ?? 0;
  const ciphertext = { from: cursor.at, to: input.size - tagBytes };
  if (ciphertext.to < ciphertext.from)
    throw cutShort(NAME, `it ends after ${input.size} bytes, within its tag`);
  cursor.skip(ciphertext.to - ciphertext.from);
  const tag = await cursor.take(tagBytes);
  const head = { version, algorithm, dataKeys, context, headerIv, headerTag };
  return checkedHead(NAME, { ...head, iv, ciphertext, tag });
}

/** Its length in bytes; where that is not 0, the number of entries, then the entries. */
async function contextIn(cursor: Cursor): Promise<ContextEntry[]> {
  const length = await number(cursor);
  const from = cursor.at;
  const entry = async () => ({ key: await field(cursor), value: await field(cursor) });
  const entries = length === 0 ? [] : await listOf(cursor, entry);
  if (cursor.at !== from + length) throw cursor.wrong('its context is not as long as it says');
  return entries;
}

async function dataKeyIn(cursor: Cursor): Promise<WrappedDataKey> {
  const key = await field(cursor);
  const blob = (await field(cursor)).toString('latin1');
  if (!decodeBase64(blob)) throw cursor.wrong('a wrapped data key is no base64');
  return { key, blob };
}

/** However many it says: a header has an end. */
async function listOf<T>(cursor: Cursor, read: () => Promise<T>): Promise<T[]> {
  const count = await number(cursor);
  const list: T[] = [];
  while (list.length < count) list.push(await read());
  return list;
}

async function field(cursor: Cursor): Promise<Buffer> {
  return cursor.take(await number(cursor));
}

async function number(cursor: Cursor): Promise<number> {
  return (await cursor.take(4)).readUInt32BE();
}
