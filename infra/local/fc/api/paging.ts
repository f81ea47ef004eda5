import { FcError } from './errors';

/**
 * One page of a list by the parameters `limit` (1 to 100, default 20) and `nextToken`, which is opaque to callers and
 * absent on the last page. Throws InvalidArgument.
 */
export function page<T>(all: readonly T[], query: URLSearchParams): { items: T[]; nextToken?: string } {
  const from = offsetOf(query.get('nextToken') ?? '');
  const to = from + limitOf(query.get('limit') ?? '20');
  const nextToken = Buffer.from(String(to)).toString('base64url');
  return { items: all.slice(from, to), ...(to < all.length && { nextToken }) };
}

function limitOf(text: string): number {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 100) return limit;
  throw new FcError('InvalidArgument', 'limit is not a whole number from 1 to 100');
}

function offsetOf(token: string): number {
  const text = Buffer.from(token, 'base64url').toString();
  if (/^\d{0,9}$/.test(text)) return Number(text);
  throw new FcError('InvalidArgument', 'nextToken is none that was answered');
}
