import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The whole body, or undefined when it has more than `limit` bytes (the rest is read and dropped). */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= limit) pieces.push(piece);
    else pieces.length = 0;
  }
  return bytes <= limit ? Buffer.concat(pieces) : undefined;
}

/** Whether a Content-MD5 is right. The SDKs of FC and MNS send base64 of the hex digest, not of the digest. */
export function isMd5(given: string, body: Buffer): boolean {
  const digest = createHash('md5').update(body).digest();
  return [digest, Buffer.from(digest.toString('hex'))].some((bytes) => bytes.toString('base64') === given);
}

/** Whether the path of a URL is percent-encoded UTF-8. */
export function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '') !== '';
  } catch {
    return false;
  }
}

/** A URL's path and query, as sent. */
export function splitUrl({ url = '' }: IncomingMessage): { path: string; query: string } {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { path, query };
}
