import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { splitUrl } from './body';

/** `path` as sent, encoded; `query` as sent, without the question mark. */
export type Acs3Request = { method: string; path: string; query: string; headers: IncomingHttpHeaders };

/**
 * ACS3-HMAC-SHA256 of a request, hex. `payloadHash` is the hash of a call of the API (docs: "V3 request body and
 * signature mechanism"); of a call of an HTTP trigger it is the empty text: the body is not signed (docs: "Configure
 * signature authentication for HTTP triggers"). `signedHeaders` in the order given.
 */
export function acs3Signature(
  request: Acs3Request,
  { signedHeaders, accessKeySecret, payloadHash = '' }: Acs3Key,
): string {
  const headers = signedHeaders.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [
    request.method,
    request.path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~'),
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const stringToSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  return createHmac('sha256', accessKeySecret).update(stringToSign).digest('hex');
}

export type Acs3Key = { signedHeaders: string[]; accessKeySecret: string; payloadHash?: string };

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .join('&');
}

/** As RFC 3986 has it, which encodes `!'()*` too. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Whom a header names, what it says that was signed, and what the owner of a secret would sign. */
export type Acs3Claim = {
  accessKeyId: string;
  signedHeaders: string[];
  signature: string;
  sign: (accessKeySecret: string) => string;
};

/** What `Authorization: ACS3-HMAC-SHA256 …` claims; undefined where it is not of that form. */
export function acs3Claim(request: IncomingMessage, payloadHash?: string): Acs3Claim | undefined {
  const { headers, method = '' } = request;
  const [, accessKeyId, names, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (!accessKeyId || !names || !signature) return undefined;
  const signedHeaders = names.split(';');
  const key = { signedHeaders, ...(payloadHash !== undefined && { payloadHash }) };
  const sign = (accessKeySecret: string) =>
    acs3Signature({ method, headers, ...splitUrl(request) }, { ...key, accessKeySecret });
  return { accessKeyId, signedHeaders, signature, sign };
}

/** Whether a request is signed as the newer SDKs do it. */
export function isAcs3({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.authorization?.startsWith('ACS3-HMAC-SHA256 ') ?? false;
}
