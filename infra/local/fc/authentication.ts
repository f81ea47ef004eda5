import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { acs3Signature } from '../gateway/acs3-signature';
import type { AccessKeys, Credentials } from '../ram/credentials';
import { fcSignature } from './fc-signature';

export type AuthenticationOptions = {
  accessKeys: AccessKeys;
  now: () => number;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
};
/** Why a request is refused, as the HTTP answer says it; undefined when it is let in. */
export type Refusal = { status: 400 | 403; code: string; message: string } | undefined;

const MAX_SKEW = 15 * 60_000;

/** Checks `Authorization: FC <access key id>:<signature>` of the API (docs: "Signature authentication"). */
export function refuseFc(request: IncomingMessage, options: AuthenticationOptions): Refusal {
  const { accessKeys, now } = options;
  const { headers, method = '', url = '' } = request;
  const [, id, signature] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? [];
  if (!id || !signature) return refused(403, 'AccessDenied', 'The request is not signed.');
  if (!headers.date)
    return refused(400, 'MissingRequiredHeader', 'required HTTP header Date was not specified');
  if (!isRecent(headers.date, options))
    return refused(403, 'AccessDenied', 'The request time is too skewed.');
  const key = validKey(accessKeys.find(id), headers['x-fc-security-token'], now());
  if (!key)
    return refused(
      403,
      'InvalidAccessKeyID',
      `invalid access key ID '${id}', or its security token is not valid`,
    );
  const path = decodeURI(url.split('?')[0] ?? '');
  if (equal(signature, fcSignature({ method, path, headers }, key.accessKeySecret))) return undefined;
  return refused(403, 'SignatureNotMatch', NO_MATCH);
}

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your access key and signing method';

/** Whether a call of the API is signed as the newer SDKs do it, who also expect errors in another shape. */
export function isAcs3({ headers }: IncomingMessage): boolean {
  return headers.authorization?.startsWith('ACS3-HMAC-SHA256 ') ?? false;
}

/**
 * Checks `Authorization: ACS3-HMAC-SHA256 ...` of an HTTP trigger with authType `function`, or, where there is a
 * `payloadHash` (SHA-256, hex), of the API.
 */
export function refuseAcs3(
  request: IncomingMessage,
  options: AuthenticationOptions & { payloadHash?: string },
): Refusal {
  const { accessKeys, now, payloadHash } = options;
  const { headers, method = '', url = '' } = request;
  const [, id, names, signature] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (!id || !names || !signature) return refused(403, 'AccessDenied', 'The request is not signed.');
  const signedHeaders = names.split(';');
  const date = headers['x-acs-date'];
  if (typeof date !== 'string' || !signedHeaders.includes('x-acs-date')) {
    return refused(403, 'AccessDenied', 'required HTTP header x-acs-date was not specified or not signed');
  }
  if (!isRecent(date, options)) return refused(403, 'AccessDenied', 'The request time is too skewed.');
  const key = validKey(accessKeys.find(id), headers['x-acs-security-token'], now());
  if (!key)
    return refused(
      403,
      'InvalidAccessKeyID',
      `invalid access key ID '${id}', or its security token is not valid`,
    );
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const expected = acs3Signature(
    { method, path, query, headers },
    { signedHeaders, accessKeySecret: key.accessKeySecret, ...(payloadHash && { payloadHash }) },
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
function isRecent(date: string, { now, clientTime = (time) => time }: AuthenticationOptions): boolean {
  return Math.abs(now() - clientTime(Date.parse(date))) <= MAX_SKEW;
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
