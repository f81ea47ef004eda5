import { createHmac } from 'node:crypto';
import { percentEncode } from '../acs3-signature';

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
