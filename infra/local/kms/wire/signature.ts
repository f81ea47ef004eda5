import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = { method: string; parameters: Iterable<readonly [string, string]> };

/**
 * Signature V1 of a request in RPC style, base64: HMAC-SHA1 over the decoded parameters of query and form
 * together, encoded again (docs: "Sign requests", KMS). `Signature` itself is left out, empty values are not.
 */
export function signature({ method, parameters }: SignedRequest, accessKeySecret: string): string {
  const pairs = [...parameters]
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  const stringToSign = `${method}&%2F&${percentEncode(pairs.join('&'))}`;
  return createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64');
}

/** Whether two signatures are equal; takes the same time wherever they differ. */
export function sameSignature(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
