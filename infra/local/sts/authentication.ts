import { type CallerOptions, callers, type Doubt } from '../gateway/caller';
import type { SignedRequest } from '../gateway/rpc/request';
import type { Credentials } from '../ram/credentials';
import { StsError, type StsErrorCode } from './errors';

const TOLD: Record<Doubt, StsErrorCode> = {
  time: 'InvalidTimeStamp.Expired',
  key: 'InvalidAccessKeyId.NotFound',
  'token-missing': 'MissingSecurityToken',
  'token-foreign': 'InvalidSecurityToken.MismatchWithAccessKey',
  'token-expired': 'InvalidSecurityToken.Expired',
  signature: 'SignatureDoesNotMatch',
  nonce: 'SignatureNonceUsed',
};

/**
 * Returns a check of who signed a request: V1 and ACS3 (docs: "Request syntax and signature method V2 for RPC APIs",
 * "V3 request body and signature mechanism"). A nonce is good once. Throws StsError.
 */
export function authentication(options: CallerOptions) {
  const callerOf = callers(options, (doubt) => new StsError(TOLD[doubt]));

  return function authenticate({ scheme, parameters, sign }: SignedRequest): Credentials {
    checkProtocol(scheme, parameters);
    return callerOf({
      time: Date.parse(required(parameters, 'Timestamp')),
      accessKeyId: required(parameters, 'AccessKeyId'),
      securityToken: parameters.get('SecurityToken'),
      signature: required(parameters, 'Signature'),
      nonce: required(parameters, 'SignatureNonce'),
      sign,
    });
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
