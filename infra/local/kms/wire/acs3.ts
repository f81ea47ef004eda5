import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { acs3Signature } from '../../gateway/acs3-signature';
import { KmsError } from './errors';

/** A signature in a header, and what its owner would sign with this secret. */
export type Acs3 = { parameters: [string, string][]; sign: (accessKeySecret: string) => string };

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

const NAMES = [
  ['x-acs-action', 'Action'],
  ['x-acs-version', 'Version'],
  ['x-acs-date', 'Timestamp'],
  ['x-acs-signature-nonce', 'SignatureNonce'],
  ['x-acs-security-token', 'SecurityToken'],
] as const;

/**
 * Reads a request that is signed as the newer SDKs do it: its common parameters are headers (docs: "V3 request body
 * and signature mechanism"). Undefined for any other; throws IncompleteSignature when it does not cover the body or
 * an x-acs header.
 */
export function readAcs3(request: IncomingMessage, body: Buffer): Acs3 | undefined {
  const { headers, method = '', url = '' } = request;
  if (!headers.authorization?.startsWith('ACS3-')) return undefined;
  const [, id, names, signature] = AUTHORIZATION.exec(headers.authorization) ?? [];
  const payloadHash = createHash('sha256').update(body).digest('hex');
  if (!id || !names || !signature || headers['x-acs-content-sha256'] !== payloadHash) throw incomplete();
  const signedHeaders = names.split(';');
  if (!mustBeSigned(headers).every((name) => signedHeaders.includes(name))) throw incomplete();
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const sign = (accessKeySecret: string) =>
    acs3Signature({ method, path, query, headers }, { signedHeaders, accessKeySecret, payloadHash });
  const own = [
    ['AccessKeyId', id],
    ['Signature', signature],
    ['Format', 'JSON'],
  ] as [string, string][];
  return { parameters: [...own, ...fromHeaders(headers)], sign };
}

function mustBeSigned(headers: IncomingMessage['headers']): string[] {
  return ['host', 'x-acs-date', ...Object.keys(headers).filter((name) => name.startsWith('x-acs-'))];
}

function fromHeaders(headers: IncomingMessage['headers']): [string, string][] {
  return NAMES.flatMap(([header, name]) => {
    const value = headers[header];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
}

function incomplete(): KmsError {
  return new KmsError('IncompleteSignature');
}
