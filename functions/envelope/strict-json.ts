import { cannotOpen } from '../fault';

type Json = { [name: string]: unknown };

/**
 * Reads JSON that must be byte for byte what `JSON.stringify(read(…))` writes: so names stand once and in order,
 * nothing unknown is there, numbers and escapes have one form. `read` picks the known fields and checks them.
 * Throws `cannot-open`, naming `what` for the log.
 */
export function strictJson<T>(bytes: Buffer, what: string, read: (json: unknown) => T): T {
  const text = bytes.toString('utf8');
  const value = read(parse(text, what));
  if (JSON.stringify(value) !== text || !Buffer.from(text).equals(bytes)) throw cannotOpen(`form of ${what}`);
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw cannotOpen(`JSON of ${what}`);
  }
}

export function object(json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw cannotOpen('an object was expected');
  return json as Json;
}

export function array(json: unknown): unknown[] {
  if (!Array.isArray(json)) throw cannotOpen('an array was expected');
  return json;
}

/** A string of 1 to `max` UTF-8 bytes without lone surrogates. */
export function text(json: unknown, max: number, pattern = /^/): string {
  if (typeof json !== 'string' || json === '' || Buffer.byteLength(json) > max)
    throw cannotOpen('a string was expected');
  if (/\p{Surrogate}/u.test(json) || !pattern.test(json)) throw cannotOpen('a string is malformed');
  return json;
}

export function integer(json: unknown, max: number): number {
  if (!Number.isSafeInteger(json) || (json as number) < 0 || (json as number) > max)
    throw cannotOpen('a number is out of range');
  return json as number;
}

/** A moment as `2026-11-21T01:02:03.004Z`, of the years that have four digits and are counted from 1. */
export function moment(json: unknown): string {
  const value = text(json, 24, /^(?!0000)/);
  const time = Date.parse(value);
  if (Number.isNaN(time) || new Date(time).toISOString() !== value) throw cannotOpen('a moment is malformed');
  return value;
}
