import type { Range } from '../store/blobs';
import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/**
 * The bytes of an object of `size` that a GET asks for; undefined means all of it, with 200. OSS ignores a range
 * that is malformed or reaches beyond the object, unless x-oss-range-behavior is `standard`: then it clips, or
 * throws InvalidRange (OSS docs, "GetObject", Range).
 */
export function requestedRange({ headers }: Pick<OssRequest, 'headers'>, size: number): Range | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  const wanted = from === '' ? suffix(Number(to), size) : between(Number(from), to, size);
  if (wanted.start > wanted.end && from !== '' && to !== '') return undefined;
  const clipped = { start: Math.max(wanted.start, 0), end: Math.min(wanted.end, size - 1) };
  const within = clipped.start === wanted.start && clipped.end === wanted.end;
  const empty = clipped.start > clipped.end;
  if (headers['x-oss-range-behavior'] !== 'standard') return within && !empty ? wanted : undefined;
  if (empty) throw new OssError('InvalidRange', { headers: { 'content-range': `bytes */${size}` } });
  return clipped;
}

function suffix(length: number, size: number): Range {
  return { start: size - length, end: size - 1 };
}

function between(start: number, to: string, size: number): Range {
  return { start, end: to === '' ? size - 1 : Number(to) };
}
