import { createHash, randomUUID } from 'node:crypto';
import { acs3Signature } from '../gateway/acs3-signature';
import type { Caller } from './services';

/** One call of KMS, signed ACS3-HMAC-SHA256. Rejects with an Error that names the call and the service's code. */
export async function kmsCall(
  { endpoint, credentials, now }: Caller,
  action: string,
  parameters: Record<string, string>,
): Promise<Record<string, unknown>> {
  const url = new URL(endpoint);
  const query = new URLSearchParams(parameters).toString().replaceAll('+', '%20');
  const payloadHash = createHash('sha256').digest('hex');
  const headers = {
    host: url.host,
    'x-acs-action': action,
    'x-acs-content-sha256': payloadHash,
    'x-acs-date': new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-version': '2016-01-20',
  };
  const { accessKeyId, accessKeySecret } = credentials;
  const signedHeaders = Object.keys(headers);
  const signature = acs3Signature(
    { method: 'POST', path: '/', query, headers },
    { signedHeaders, accessKeySecret, payloadHash },
  );
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`;
  const answer = await fetch(`${endpoint}/?${query}`, {
    method: 'POST',
    headers: { ...headers, authorization },
  });
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${action}: ${body.Code}`);
  return body;
}
