import { type ErrorTable, filled, Refusal } from '../gateway/refusal';

/**
 * STS's errors: code -> HTTP status, message. Codes and messages are of OSS's page "How to handle the common errors when
 * you access OSS by using STS" and of the gateway before all services in RPC style ("Common errors"); where they name no
 * status it is 400.
 */
export const ERRORS = {
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  InvalidParameter: [400, 'The specified parameter is not valid.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  InternalError: [500, 'STS Server Internal Error happened, please send the RequestId to us.'],
  MissingParameter: [400, 'A parameter that is mandatory for this action is not supplied.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  SignatureDoesNotMatch: [400, 'Specified signature is not matched with our calculation.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  Throttling: [400, 'Request was denied due to request throttling.'],
  UnsupportedOperation: [400, 'This action is not supported.'],
} as const satisfies ErrorTable;

export type StsErrorCode = keyof typeof ERRORS;

/** An answer of STS that is not a success; `why` is a sentence of ours after the message. */
export class StsError extends Refusal {
  constructor(code: StsErrorCode, why?: string) {
    const [status, message] = ERRORS[code];
    super(code, status, filled(message, '', why));
    this.name = 'StsError';
  }
}
