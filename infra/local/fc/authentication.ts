import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessKeys, Credentials } from '../ram/credentials';
import { acs3Signature } from './acs3-signature';
import { fcSignature } from './fc-signature';

export type AuthenticationOptions = { accessKeys: AccessKeys; now: () => number };
/** Why a request is refused, as the HTTP answer says it; undefined when it is let in. */
export type Refusal = { status: 400 | 403; code: string; message: string } | undefined;

const MAX_SKEW = 15 * 60_000;

/** Checks `Authorization: FC <access key id>:<signature>` of the API (docs: "Signature authentication"). */
export function refuseFc(request: IncomingMessage, { accessKeys, now }: AuthenticationOptions): Refusal {
  const { headers, method = '', url = '' } = request;
  const [, id, signature] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? [];
  if (!id || !signature) return refused(403, 'AccessDenied', 'The request is not signed.');
  if (!headers.date)
    return refused(400, 'MissingRequiredHeader', 'required HTTP header Date was not specified');
  if (!isRecent(headers.date, now())) return refused(403, 'AccessDenied', 'The request time is too skewed.');
  const key = validKey(accessKeys.find(id), headers['x-fc-security-token'], now());
  if (!key)
    return refused(
      403,
      'InvalidAccessKeyID',
      'The access key is unknown, or its security token is not valid.',
    );
  const path = decodeURI(url.split('?')[0] ?? '');
  if (equal(signature, fcSignature({ method, path, headers }, key.accessKeySecret))) return undefined;
  return refused(403, 'SignatureNotMatch', NO_MATCH);
}

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const NO_MATCH = 'The request signature we calculated does not match the signature you provided.';

/** Checks `Authorization: ACS3-HMAC-SHA256 ...` of an HTTP trigger with authType `function`. */
export function refuseAcs3(request: IncomingMessage, { accessKeys, now }: AuthenticationOptions): Refusal {
  const { headers, method = '', url = '' } = request;
  const [, id, names, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (!id || !names || !signature) return refused(403, 'AccessDenied', 'The request is not signed.');
  const signedHeaders = names.split(';');
  const date = headers['x-acs-date'];
  if (typeof date !== 'string' || !signedHeaders.includes('x-acs-date')) {
    return refused(403, 'AccessDenied', 'required HTTP header x-acs-date was not specified or not signed');
  }
  if (!isRecent(date, now())) return refused(403, 'AccessDenied', 'The request time is too skewed.');
  const key = validKey(accessKeys.find(id), headers['x-acs-security-token'], now());
  if (!key)
    return refused(
      403,
      'InvalidAccessKeyID',
      'The access key is unknown, or its security token is not valid.',
    );
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const expected = acs3Signature(
    { method, path, query, headers },
    { signedHeaders, accessKeySecret: key.accessKeySecret },
  );
  return equal(signature, expected) ? undefined : refused(403, 'SignatureNotMatch', NO_MATCH);
}

function refused(status: 400 | 403, code: string, message: string): Refusal {
  return { status, code, message };
}

function validKey(key: Credentials | undefined, token: unknown, now: number): Credentials | undefined {
  if (!key) return undefined;
  if (key.securityToken === undefined) return token === undefined ? key : undefined;
  const isToken = typeof token === 'string' && equal(token, key.securityToken);
  return isToken && now < (key.expiration ?? 0) ? key : undefined;
}

// NaN for a date that is none: not recent.
function isRecent(date: string, now: number): boolean {
  return Math.abs(now - Date.parse(date)) <= MAX_SKEW;
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
