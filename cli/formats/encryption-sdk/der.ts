import type { Range } from '../../../functions/envelope/layout';
import type { Cursor } from './cursor';

const TAGS = { integer: 0x02, octets: 0x04, sequence: 0x30, set: 0x31 } as const;

/** Lengths up to 2^48: what a number of JavaScript holds. */
const LENGTH_BYTES_MAX = 6;

/**
 * The tag and length of a DER element (X.690: definite lengths, in their shortest form): returns where its content lies,
 * and leaves the cursor at its begin. `end`: of what it is in. Throws `format-wrong`, `input-truncated`.
 */
export async function element(cursor: Cursor, tag: keyof typeof TAGS, end: number): Promise<Range> {
  if (cursor.at >= end) throw cursor.wrong(`its ${tag} at ${cursor.at} is missing`);
  const found = await byte(cursor);
  if (found !== TAGS[tag]) throw cursor.wrong(`it has no ${tag} at ${cursor.at - 1}`);
  const length = await lengthOf(cursor);
  const content = { from: cursor.at, to: cursor.at + length };
  if (content.to > end) throw cursor.wrong(`its ${tag} at ${content.from} is longer than what it is in`);
  return content;
}

async function lengthOf(cursor: Cursor): Promise<number> {
  const first = await byte(cursor);
  if (first < 0x80) return first;
  const count = first - 0x80;
  const isDefinite = count > 0 && count <= LENGTH_BYTES_MAX;
  const length = isDefinite ? (await cursor.take(count)).readUIntBE(0, count) : 0;
  const isShortest = length >= Math.max(0x80, 256 ** (count - 1));
  if (!isDefinite || !isShortest) throw cursor.wrong(`the length before ${cursor.at} is not as DER has it`);
  return length;
}

async function byte(cursor: Cursor): Promise<number> {
  return (await cursor.take(1)).readUInt8();
}

/** A whole number from 0 to 127. */
export async function smallInteger(cursor: Cursor, end: number): Promise<number> {
  const { from, to } = await element(cursor, 'integer', end);
  const value = to - from === 1 ? await byte(cursor) : 0x80;
  if (value > 0x7f) throw cursor.wrong(`its integer at ${from} is none of this format`);
  return value;
}

export async function octets(cursor: Cursor, end: number): Promise<Buffer> {
  const { from, to } = await element(cursor, 'octets', end);
  return cursor.take(to - from);
}

/** What `read` makes of each element of a SET OF; `read` is told where the set ends. */
export async function setOf<T>(cursor: Cursor, end: number, read: (end: number) => Promise<T>): Promise<T[]> {
  const { to } = await element(cursor, 'set', end);
  const elements: T[] = [];
  while (cursor.at < to) elements.push(await read(to));
  return elements;
}

/** A SEQUENCE that holds what `read` reads, and nothing after it. */
export async function sequence<T>(
  cursor: Cursor,
  end: number,
  read: (end: number) => Promise<T>,
): Promise<T> {
  const { to } = await element(cursor, 'sequence', end);
  const value = await read(to);
  if (cursor.at !== to) throw cursor.wrong(`its sequence that ends at ${to} holds more than it may`);
  return value;
}
