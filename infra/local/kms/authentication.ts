import type { AccessKeys, Credentials } from '../ram/credentials';
import { invalidParameter, KmsError } from './wire/errors';
import type { SignedRequest } from './wire/parameters';
import { sameSignature } from './wire/signature';

export type AuthenticationOptions = {
  accessKeys: AccessKeys;
  now: () => number;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number, resolution?: number) => number;
};

const MAX_SKEW = 15 * 60_000;
const VERSION = { Version: /^2016-01-20$/ };
const EXPECTED = {
  V1: { ...VERSION, SignatureMethod: /^HMAC-SHA1$/, SignatureVersion: /^1\.0$/ },
  ACS3: VERSION,
};

/**
 * Returns a check of the common parameters: who signed this request? Throws MissingParameter, InvalidParameter,
 * IllegalTimestamp (15 minutes), InvalidAccessKeyId.NotFound (also an expired or a foreign token, as documented
 * since 2025) and IncompleteSignature (also a nonce that was used before).
 */
export function authentication({ accessKeys, now, clientTime = (time) => time }: AuthenticationOptions) {
  const nonceIsFresh = nonces(now);

  return function authenticate({ scheme, parameters, sign }: SignedRequest): Credentials {
    checkProtocol(parameters, EXPECTED[scheme]);
    checkTimestamp(clientTime(timeOf(required(parameters, 'Timestamp'))), now());
    const given = required(parameters, 'Signature');
    const credentials = accessKeys.find(required(parameters, 'AccessKeyId'));
    if (!credentials || !tokenFits(credentials, parameters.get('SecurityToken'), now())) {
      throw new KmsError('InvalidAccessKeyId.NotFound');
    }
    if (!sameSignature(given, sign(credentials.accessKeySecret))) {
      throw new KmsError('IncompleteSignature');
    }
    // KMS's "Common parameters" know no SignatureNonce, and @alicloud/kms-sdk sends none.
    const nonce = parameters.get('SignatureNonce');
    if (nonce && !nonceIsFresh(`${credentials.accessKeyId} ${nonce}`)) {
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

function checkProtocol(parameters: Map<string, string>, expected: Record<string, RegExp>): void {
  for (const [name, pattern] of Object.entries(expected)) {
    if (!pattern.test(required(parameters, name))) throw invalidParameter(name);
  }
}

// The milliseconds are @alicloud/kms-sdk's.
function timeOf(timestamp: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(timestamp);
  return isTime ? Date.parse(timestamp) : Number.NaN;
}

function checkTimestamp(time: number, now: number): void {
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
