import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { acs3Claim } from '../acs3-signature';
import { rpcRefusal } from './errors';

/** A signature in a header, and what its owner would sign with this secret. */
export type Acs3 = { parameters: [string, string][]; sign: (accessKeySecret: string) => string };

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
  const { headers } = request;
  if (!headers.authorization?.startsWith('ACS3-')) return undefined;
  const payloadHash = createHash('sha256').update(body).digest('hex');
  const claim = acs3Claim(request, payloadHash);
  const isCovered = mustBeSigned(headers).every((name) => claim?.signedHeaders.includes(name));
  if (!claim || !isCovered || headers['x-acs-content-sha256'] !== payloadHash)
    throw rpcRefusal('IncompleteSignature');
  const own: [string, string][] = [
    ['AccessKeyId', claim.accessKeyId],
    ['Signature', claim.signature],
    ['Format', 'JSON'],
  ];
  return { parameters: [...own, ...fromHeaders(headers)], sign: claim.sign };
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
