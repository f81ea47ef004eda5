import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Format, FormatInput, FormatTools } from '../../../cli/formats/format';
import { Failure } from '../../../cli/terminal/failure';

/** Bytes as an input, read in pieces of `pieceBytes`. */
export function inputOf(content: Buffer | string, pieceBytes = 65_536): FormatInput {
  const bytes = Buffer.from(content);
  return {
    name: 'file',
    size: bytes.length,
    modifiedAt: new Date(0),
    async *read({ from, to }) {
      for (let at = from; at < to; at += pieceBytes) yield bytes.subarray(at, Math.min(at + pieceBytes, to));
    },
    async close() {},
  };
}

export type Vector = {
  format: string;
  layout: string;
  size: number;
  context: string | null;
  file: string;
};

const others = JSON.parse(readFileSync('test/vectors/others-samples.json', 'utf8'));

/** Files that pycryptodome made. */
export function vectorsOf(format: string): Vector[] {
  return (others.vectors as Vector[]).filter((vector) => vector.format === format);
}

export const WRAPPED_KEY: string = others.wrappedKey;
export const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => (7 * i + 1) & 255));

export function plaintextOf(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + 7) & 255));
}

/** Unwraps the one wrapped key under the one context, as KMS would, to a copy of `key`. */
export function toolsWith(key: Buffer = KEY, context?: string | null): FormatTools {
  return {
    async decrypt(blob, given) {
      const isSame = isDeepStrictEqual(JSON.parse(given ?? 'null'), JSON.parse(context ?? 'null'));
      if (blob !== WRAPPED_KEY || !isSame) throw new Failure('cannot-open', 'KMS');
      return Buffer.from(key);
    },
  };
}

/** What comes out before the end or a failure. */
export async function opening(opened: AsyncIterable<Buffer>) {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of opened) pieces.push(piece);
    return { bytes: Buffer.concat(pieces), code: 'opened', message: '' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { bytes: Buffer.concat(pieces), code: error.code as string, message: error.message };
  }
}

/** Opens every vector of the format, read in pieces of several sizes; its plaintext has as many bytes as the format tells. */
export async function expectVectorsToOpen(format: Format): Promise<void> {
  for (const { layout, size, context, file } of vectorsOf(format.name)) {
    for (const pieceBytes of [5, 65_536]) {
      const input = inputOf(file, pieceBytes);
      expect((await format.plaintextSize?.(input)) ?? size).toBe(size);
      const opened = await opening(format.open(input, toolsWith(KEY, context)));
      expect({ layout, size, code: opened.code }).toEqual({ layout, size, code: 'opened' });
      expect(opened.bytes.equals(plaintextOf(size))).toBe(true);
    }
  }
}

const REFUSED = ['cannot-open', 'format-wrong', 'input-truncated'];

/** No byte of the file can be changed, each in one of three ways, without its being refused, and nothing released. */
export async function expectNoChangeToPass(format: Format, { file, context }: Vector): Promise<void> {
  const tools = toolsWith(KEY, context);
  for (let at = 0; at < file.length; at++) {
    const mask = [1, 16, 128][at % 3] ?? 0;
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ mask;
    const { bytes, code } = await opening(format.open(inputOf(changed), tools));
    const seen = { at, isRefused: REFUSED.includes(code), bytes: bytes.length };
    expect(seen).toEqual({ at, isRefused: true, bytes: 0 });
  }
}

/** Cut anywhere it is refused, and nothing released. `whole`: bytes without which nothing is missing. */
export async function expectNoCutToPass(
  format: Format,
  { file, context }: Vector,
  whole: number,
): Promise<void> {
  for (let size = 0; size < whole; size++) {
    const input = inputOf(file.slice(0, size));
    const { bytes, code } = await opening(format.open(input, toolsWith(KEY, context)));
    const seen = { size, isRefused: REFUSED.includes(code), bytes: bytes.length };
    expect(seen).toEqual({ size, isRefused: true, bytes: 0 });
  }
}
