import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { utf8 } from '../../gateway/utf8';
import { type Address, addressOf } from './address';
import { expectedMd5 } from './content-md5';
import { OssError } from './errors';
import { headerText } from './header-text';

/** One request, decoded but not yet believed. */
export type OssRequest = Address & {
  method: string;
  /** Decoded; the empty string for a parameter without a value. */
  query: ReadonlyMap<string, string>;
  /** Lower-case names; values as headerText has them. */
  headers: Readonly<Record<string, string>>;
  sourceIp: string;
  body: IncomingMessage;
  /** What stands for the body where it is only part of it: the file of a form. */
  content?: AsyncIterable<Buffer>;
};

/** Decodes a request that came in on the main listener, or on the one of a bucket's custom domain. */
export function readRequest(message: IncomingMessage, boundTo?: string): OssRequest {
  if (message.headers.host === undefined && message.httpVersion !== '1.0') {
    throw new OssError('InvalidArgument', { message: 'A Host header is needed.' });
  }
  const { path, search } = splitTarget(message.url ?? '/');
  return {
    ...addressOf({ host: message.headers.host ?? '', path, boundTo }),
    method: message.method ?? 'GET',
    query: readQuery(search),
    headers: readHeaders(message),
    sourceIp: message.socket.remoteAddress ?? '',
    body: message,
  };
}

/** 24 upper-case hex digits. */
export function newRequestId(): string {
  return randomBytes(12).toString('hex').toUpperCase();
}

// Not parsed as a URL: that would resolve `..`, which is a legal part of a key. A proxy sends the absolute form.
function splitTarget(target: string): { path: string; search: string } {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  if (mark < 0) return { path: relative || '/', search: '' };
  return { path: relative.slice(0, mark) || '/', search: relative.slice(mark + 1) };
}

function readQuery(search: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of search.split('&').filter(Boolean)) {
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(decoded);
    if (query.has(name)) throw new OssError('InvalidArgument', { message: `Repeated parameter: ${name}` });
    query.set(name, value);
  }
  return query;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new OssError('InvalidArgument', { message: 'The query is not percent-encoded UTF-8.' });
  }
}

function readHeaders(message: IncomingMessage): Record<string, string> {
  const pairs = Object.entries(message.headers).map(([name, value]) => {
    const latin1 = Array.isArray(value) ? value.join(', ') : (value ?? '');
    return [name, headerText(latin1)];
  });
  return Object.assign(Object.create(null), Object.fromEntries(pairs));
}

/** The text of a small request body (XML, JSON). Throws EntityTooLarge beyond 4 MiB, InvalidDigest, MalformedXML unless UTF-8. */
export async function bodyText(request: OssRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(request)) {
    size += chunk.length;
    if (size > 4 * 1024 ** 2) throw new OssError('EntityTooLarge');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  checkDigest(bytes, request);
  const text = utf8(bytes);
  if (text === undefined) throw new OssError('MalformedXML');
  return text.replace(/^\ufeff/, '');
}

function checkDigest(bytes: Buffer, { headers }: OssRequest): void {
  const expected = expectedMd5(headers);
  if (expected === undefined) return;
  if (createHash('md5').update(bytes).digest('hex').toUpperCase() !== expected)
    throw new OssError('InvalidDigest');
}

/** The body's bytes. Leaving the loop early keeps the connection, so that the client can still be answered. */
export function bodyOf(request: OssRequest): AsyncIterable<Buffer> {
  return request.content ?? request.body.iterator({ destroyOnReturn: false });
}
