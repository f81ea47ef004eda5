import type { SignedRequest } from '../kms/wire/parameters';
import { sameSignature } from '../kms/wire/signature';
import type { AccessKeys, Credentials } from '../ram/credentials';
import { StsError } from './errors';

export type AuthenticationOptions = {
  accessKeys: AccessKeys;
  now: () => number;
  /** The cloud's time at a client's time (ms), for signatures of clients whose clock nobody moved. */
  clientTime?: (time: number) => number;
};

const MAX_SKEW = 15 * 60_000;

/**
 * Returns a check of who signed a request: V1 and ACS3, as KMS reads them (docs: "Request syntax and signature method V2
 * for RPC APIs", "V3 request body and signature mechanism"). A nonce is good once.
 */
export function authentication({ accessKeys, now, clientTime = (time) => time }: AuthenticationOptions) {
  const seen = new Map<string, number>();

  function checkNonce(nonce: string): void {
    for (const [old, time] of seen) if (time < now() - 2 * MAX_SKEW) seen.delete(old);
    if (seen.has(nonce)) throw new StsError('SignatureNonceUsed');
    seen.set(nonce, now());
  }

  return function authenticate({ scheme, parameters, sign }: SignedRequest): Credentials {
    checkProtocol(scheme, parameters);
    const time = Date.parse(required(parameters, 'Timestamp'));
    if (!(Math.abs(now() - clientTime(time)) <= MAX_SKEW)) throw new StsError('InvalidTimeStamp.Expired');
    const credentials = accessKeys.find(required(parameters, 'AccessKeyId'));
    if (!credentials) throw new StsError('InvalidAccessKeyId.NotFound');
    checkToken(credentials, parameters.get('SecurityToken'), now());
    if (!sameSignature(required(parameters, 'Signature'), sign(credentials.accessKeySecret)))
      throw new StsError('SignatureDoesNotMatch');
    checkNonce(`${credentials.accessKeyId} ${required(parameters, 'SignatureNonce')}`);
    return credentials;
  };
}

function checkProtocol(scheme: SignedRequest['scheme'], parameters: Map<string, string>): void {
  if (required(parameters, 'Version') !== '2015-04-01') throw new StsError('InvalidVersion');
  if (scheme === 'ACS3') return;
  const isV1 = parameters.get('SignatureMethod') === 'HMAC-SHA1';
  if (!isV1 || parameters.get('SignatureVersion') !== '1.0') throw new StsError('IncompleteSignature');
}

function required(parameters: Map<string, string>, name: string): string {
  const value = parameters.get(name);
  if (!value) throw new StsError('MissingParameter', `(${name})`);
  return value;
}

function checkToken(
  { securityToken, expiration = 0 }: Credentials,
  given: string | undefined,
  now: number,
): void {
  if (securityToken === undefined && given === undefined) return;
  if (given === undefined) throw new StsError('MissingSecurityToken');
  if (securityToken === undefined || !sameSignature(given, securityToken))
    throw new StsError('InvalidSecurityToken.MismatchWithAccessKey');
  if (now >= expiration) throw new StsError('InvalidSecurityToken.Expired');
}
