import type { IncomingMessage } from 'node:http';
import { splitUrl } from '../gateway/body';

export type HttpFacts = {
  body: Buffer;
  requestId: string;
  functionName: string;
  accountId: string;
  region: string;
  /** ms */
  time: number;
};

/** Content types whose body arrives as text; every other one arrives as base64. */
const TEXT = /^(text\/[^;]+|application\/(json|ld\+json|xhtml\+xml|xml|atom\+xml|javascript))\s*(;|$)/i;

/**
 * The event of an HTTP trigger of FC 3.0 (docs: "HTTP trigger invocations", version v1): header names in Go's
 * canonical case, repeated headers and parameters joined with commas, rawPath encoded and http.path decoded. Throws
 * URIError for a path that is not percent-encoded UTF-8.
 */
export function httpEvent(request: IncomingMessage, facts: HttpFacts) {
  const { path: rawPath, query } = splitUrl(request);
  const isText = TEXT.test(request.headers['content-type'] ?? '');
  const domainPrefix = facts.functionName.toLowerCase();
  return {
    version: 'v1',
    rawPath,
    body: facts.body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
    headers: canonicalHeaders(request.rawHeaders),
    queryParameters: joined(new URLSearchParams(query)),
    requestContext: {
      accountId: facts.accountId,
      domainName: `${domainPrefix}.${facts.region}.fcapp.run`,
      domainPrefix,
      http: {
        method: request.method,
        path: decodeURIComponent(rawPath),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      time: `${new Date(facts.time).toISOString().slice(0, 19)}Z`,
      timeEpoch: String(facts.time),
    },
  };
}

function canonicalHeaders(raw: string[]): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([canonicalName(raw[i] ?? ''), raw[i + 1] ?? '']);
  return joined(pairs);
}

/** `accept-encoding` -> `Accept-Encoding` */
function canonicalName(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

function joined(pairs: Iterable<[string, string]>): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}
