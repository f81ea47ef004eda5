import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { utf8 } from '../gateway/utf8';
import { MnsError } from './queues/errors';

/** Of a batch of 16 messages of 64 KB, escaped. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The whole body. Throws InvalidArgument, MalformedXML unless it is UTF-8. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) throw new MnsError('InvalidArgument', 'the body is too large');
  const text = utf8(Buffer.concat(chunks));
  if (text === undefined) throw new MnsError('MalformedXML');
  return text;
}

/** Throws InvalidDegist. The SDKs send base64 of the hex digest, not of the digest. */
export function checkMd5({ 'content-md5': given }: IncomingHttpHeaders, body: string): void {
  if (given === undefined) return;
  const digest = createHash('md5').update(body).digest();
  const right = [digest, Buffer.from(digest.toString('hex'))].map((bytes) => bytes.toString('base64'));
  if (!right.includes(String(given))) throw new MnsError('InvalidDegist');
}

/** A URL's path and its query, whose names become lower-case. */
export function split(url: string): { path: string; query: Map<string, string> } {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return {
    path,
    query: new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value])),
  };
}

export function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** Aborted when the connection is gone. */
export function hangUp(response: ServerResponse): AbortSignal {
  const canceled = new AbortController();
  response.once('close', () => canceled.abort());
  return canceled.signal;
}
