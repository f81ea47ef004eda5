import type { FormatInput } from '../format';
import { cutShort } from '../refusals';
import { checkedHead } from './checked-head';
import { type Cursor, createCursor } from './cursor';
import { element, octets, sequence, setOf, smallInteger } from './der';
import type { ContextEntry, Layout, Message, WrappedDataKey } from './message';

const NAME = 'encryption-sdk';

/** Two sequences, version 1, an algorithm. */
const BEGIN = /^(?:30(?:[0-7].|8[1-6](?:..){1,6})){2}02010102010[1-9a-c]/;

/**
 * ASN.1 in DER, the layout of byte arrays in Java and the only one of Python: SEQUENCE { head, body }, of which the head is
 * { version, algorithm, SET OF wrapped data keys, SET OF context entries, headerIv, headerTag } and the body
 * { iv, ciphertext, tag }. Only lengths are read of the ciphertext.
 * https://www.alibabacloud.com/help/en/kms/support/formats-of-encrypted-data-and-signatures
 */
export const derLayout: Layout = { name: NAME, begin: BEGIN, read };

async function read(input: FormatInput): Promise<Message> {
  const cursor = createCursor(input, NAME);
  // How long it should be is said only of what begins as a message.
  const { to } = await element(cursor, 'sequence', Number.POSITIVE_INFINITY);
  const head = await sequence(cursor, to, (end) => headIn(cursor, end));
  if (to > input.size) throw cutShort(NAME, `it has ${input.size} bytes of ${to}`);
  if (to < input.size) throw cursor.wrong(`${input.size - to} bytes come after its end`);
  const body = await sequence(cursor, to, (end) => bodyIn(cursor, end));
  if (cursor.at !== to) throw cursor.wrong('it holds more than a head and a body');
  return checkedHead(NAME, { ...head, ...body });
}

async function headIn(cursor: Cursor, end: number) {
  return {
    version: await smallInteger(cursor, end),
    algorithm: await smallInteger(cursor, end),
    dataKeys: await setOf(cursor, end, (to) => sequence(cursor, to, (last) => dataKeyIn(cursor, last))),
    context: await setOf(cursor, end, (to) => sequence(cursor, to, (last) => entryIn(cursor, last))),
    headerIv: await octets(cursor, end),
    headerTag: await octets(cursor, end),
  };
}

async function dataKeyIn(cursor: Cursor, end: number): Promise<WrappedDataKey> {
  const key = await octets(cursor, end);
  const blob = await octets(cursor, end);
  return { key, blob: blob.toString('base64') };
}

async function entryIn(cursor: Cursor, end: number): Promise<ContextEntry> {
  return { key: await octets(cursor, end), value: await octets(cursor, end) };
}

async function bodyIn(cursor: Cursor, end: number) {
  const iv = await octets(cursor, end);
  const ciphertext = await element(cursor, 'octets', end);
  cursor.skip(ciphertext.to - ciphertext.from);
  return { iv, ciphertext, tag: await octets(cursor, end) };
}
