import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Answer } from '../store/operation';
import type { OssRequest } from '../wire/request';

// OSS docs, "How do I compress objects that I download from OSS in the GZIP format?"
const types = [
  'text/cache-manifest',
  'text/xml',
  'text/css',
  'text/html',
  'text/plain',
  'text/json',
  'application/javascript',
  'application/x-javascript',
  'application/rss+xml',
  'application/json',
];
const least = 1024;
const lost = ['etag', 'content-length', 'accept-ranges'];

/**
 * The same answer in gzip where the client takes it, the object has 1 KB or more and is of one of ten types. It has no
 * ETag, Content-Length and Accept-Ranges then. A range is sent as it is, as is what is already encoded.
 */
export function compressedAnswer(request: OssRequest, answer: Answer, size: number): Answer {
  const { headers = {}, content } = answer;
  if (answer.status !== 200 || size < least || !takesGzip(request) || !isText(headers)) return answer;
  const kept = Object.entries(headers).filter(([name]) => !lost.includes(name));
  const told = { ...Object.fromEntries(kept), 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
  const zipped = content && { ...content, bytes: gzip(content.bytes) };
  return { ...answer, headers: told, unsized: true, ...(zipped && { content: zipped }) };
}

function takesGzip({ headers }: OssRequest): boolean {
  const [, weight] = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)/i.exec(
    headers['accept-encoding'] ?? '',
  ) ?? ['', '0'];
  return Number(weight ?? 1) > 0;
}

function isText(headers: Record<string, string>): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return headers['content-encoding'] === undefined && types.includes(type.trim().toLowerCase());
}

function gzip(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // An error of the source reaches whoever reads on.
  return pipeline(bytes, createGzip(), () => {});
}
