import { type CallerOptions, callers, type Doubt } from '../gateway/caller';
import type { SignedRequest } from '../gateway/rpc/request';
import type { Credentials } from '../ram/credentials';
import { invalidParameter, KmsError, type KmsErrorCode } from './wire/errors';

const VERSION = { Version: /^2016-01-20$/ };
const EXPECTED = {
  V1: { ...VERSION, SignatureMethod: /^HMAC-SHA1$/, SignatureVersion: /^1\.0$/ },
  ACS3: VERSION,
};

/** An expired or a foreign token is no key, as documented since 2025. */
const TOLD: Record<Doubt, KmsErrorCode> = {
  time: 'IllegalTimestamp',
  key: 'InvalidAccessKeyId.NotFound',
  'token-missing': 'InvalidAccessKeyId.NotFound',
  'token-foreign': 'InvalidAccessKeyId.NotFound',
  'token-expired': 'InvalidAccessKeyId.NotFound',
  signature: 'IncompleteSignature',
  nonce: 'IncompleteSignature',
};

/** Returns what tells from the common parameters who signed a request. Throws KmsError. */
export function authentication(options: CallerOptions) {
  const callerOf = callers(options, refusal);

  return function authenticate({ scheme, parameters, sign }: SignedRequest): Credentials {
    for (const [name, pattern] of Object.entries(EXPECTED[scheme]))
      if (!pattern.test(required(parameters, name))) throw invalidParameter(name);
    return callerOf({
      time: timeOf(required(parameters, 'Timestamp')),
      signature: required(parameters, 'Signature'),
      accessKeyId: required(parameters, 'AccessKeyId'),
      securityToken: parameters.get('SecurityToken'),
      sign,
      // KMS's "Common parameters" know no SignatureNonce, and @alicloud/kms-sdk sends none.
      nonce: parameters.get('SignatureNonce'),
    });
  };
}

function refusal(doubt: Doubt): KmsError {
  return new KmsError(
    TOLD[doubt],
    doubt === 'nonce' ? { why: 'The SignatureNonce has been used before.' } : {},
  );
}

/** Throws MissingParameter when the parameter is absent or empty. */
function required(parameters: Map<string, string>, parameter: string): string {
  const value = parameters.get(parameter);
  if (!value) throw new KmsError('MissingParameter', { parameter });
  return value;
}

// The milliseconds are @alicloud/kms-sdk's.
function timeOf(timestamp: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(timestamp);
  return isTime ? Date.parse(timestamp) : Number.NaN;
}
