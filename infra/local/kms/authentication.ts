import type { AccessKeys, Credentials } from '../ram/credentials';
import { invalidParameter, KmsError } from './errors';
import { sameSignature, signature } from './signature';

export type RpcRequest = { method: string; parameters: Map<string, string> };
export type AuthenticationOptions = { accessKeys: AccessKeys; now: () => number };

const MAX_SKEW = 15 * 60_000;
const EXPECTED = {
  Format: /^json$/i,
  Version: /^2016-01-20$/,
  SignatureMethod: /^HMAC-SHA1$/,
  SignatureVersion: /^1\.0$/,
};

/**
 * Returns a check of the common parameters: who signed this request? Throws MissingParameter, InvalidParameter,
 * IllegalTimestamp (15 minutes), InvalidAccessKeyId.NotFound (also an expired or a foreign token, as documented
 * since 2025) and IncompleteSignature (also a nonce that was used before).
 */
export function authentication({ accessKeys, now }: AuthenticationOptions) {
  const nonceIsFresh = nonces(now);

  return function authenticate({ method, parameters }: RpcRequest): Credentials {
    checkProtocol(parameters);
    checkTimestamp(required(parameters, 'Timestamp'), now());
    const nonce = required(parameters, 'SignatureNonce');
    const given = required(parameters, 'Signature');
    const credentials = accessKeys.find(required(parameters, 'AccessKeyId'));
    if (!credentials || !tokenFits(credentials, parameters.get('SecurityToken'), now())) {
      throw new KmsError('InvalidAccessKeyId.NotFound');
    }
    if (!sameSignature(given, signature({ method, parameters }, credentials.accessKeySecret))) {
      throw new KmsError('IncompleteSignature');
    }
    if (!nonceIsFresh(`${credentials.accessKeyId} ${nonce}`)) {
      throw new KmsError('IncompleteSignature', { why: 'The SignatureNonce has been used before.' });
    }
    return credentials;
  };
}

/** Throws MissingParameter when the parameter is absent or empty. */
function required(parameters: Map<string, string>, parameter: string): string {
  const value = parameters.get(parameter);
  if (!value) throw new KmsError('MissingParameter', { parameter });
  return value;
}

function checkProtocol(parameters: Map<string, string>): void {
  for (const [name, pattern] of Object.entries(EXPECTED)) {
    if (!pattern.test(required(parameters, name))) throw invalidParameter(name);
  }
}

function checkTimestamp(timestamp: string, now: number): void {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!(Math.abs(now - time) <= MAX_SKEW)) throw new KmsError('IllegalTimestamp');
}

function tokenFits(
  { securityToken, expiration }: Credentials,
  given: string | undefined,
  now: number,
): boolean {
  if (securityToken === undefined) return given === undefined;
  return given !== undefined && sameSignature(given, securityToken) && now < (expiration ?? 0);
}

function nonces(now: () => number): (nonce: string) => boolean {
  const seen = new Map<string, number>();
  return (nonce) => {
    // A timestamp may lie 15 minutes ahead and stays valid for 15 more.
    for (const [old, time] of seen) {
      if (time > now() - 2 * MAX_SKEW) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, now());
    return true;
  };
}
