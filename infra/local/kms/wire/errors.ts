import type { InjectedError } from '../../gateway/hooks';

/**
 * KMS's errors: code -> HTTP status, message. `%s` is the parameter's name. Statuses, codes and messages are of
 * the documentation ("Common error codes", "Impact of key states on API calls"); no code is documented for a
 * ciphertext that cannot be opened, InvalidParameter is our choice.
 */
const ERRORS = {
  'Forbidden.AliasNotFound': [404, 'The specified Alias is not found.'],
  'Forbidden.KeyNotFound': [404, 'The specified Key is not found.'],
  'Forbidden.KeyVersionNotFound': [404, 'The specified Key version is not found.'],
  'Forbidden.ResourceNotFound': [404, 'The resource is not found.'],
  'Forbidden.NoPermission': [403, 'This operation is forbidden by permission system.'],
  'InvalidAccessKeyId.NotFound': [404, 'The AccessKey ID provided does not exist in our records.'],
  'Rejected.Disabled': [409, 'The request was rejected because the key state is Disabled.'],
  'Rejected.LimitExceeded': [
    400,
    'The request was rejected because user create resource limit was exceeded.',
  ],
  'Rejected.PendingDeletion': [409, 'The request was rejected because the key state is PendingDeletion.'],
  'Rejected.PendingImport': [409, 'The request was rejected because the key state is PendingImport.'],
  'Rejected.ResourceExist': [409, 'The resource already exists.'],
  'Rejected.ResourceInDeleteWindow': [409, 'The secret is planned to be deleted.'],
  'Rejected.StateModifiedFailed': [409, 'Keystate modified failed.'],
  'Rejected.Throttling': [429, 'QPS Limit Exceeded'],
  'Rejected.UnsupportedOperation': [400, 'Unsupported operation.'],
  'Unsupported.Alias': [400, 'Alias is not valid for this api.'],
  'Unsupported.Origin': [400, 'This key origin is not valid for this api.'],
  AliasAlreadyExists: [400, 'AliasName Already Exists.'],
  ExpiredImportToken: [400, 'import token is expired.'],
  IllegalTimestamp: [
    400,
    'The input parameter "Timestamp" that is mandatory for processing this request is not supplied.',
  ],
  IncompleteSignature: [400, 'The request signature does not conform to Alibaba Cloud standards.'],
  InternalFailure: [500, 'Internal Failure.'],
  InvalidImportToken: [400, 'import token is invalid.'],
  InvalidKeyMaterial: [400, 'key material is invalid.'],
  InvalidParameter: [400, 'The specified parameter "%s" is not valid.'],
  MissingParameter: [400, 'The parameter "%s" is needed but not provided.'],
  ParseRequestParameterException: [400, 'The request parameters cannot be parsed.'],
  ServiceUnavailableTemporary: [503, 'Service Unavailable Temporary.'],
  UnsupportedHTTPMethod: [403, 'This http method is not supported.'],
  UnsupportedOperation: [400, 'This action is not supported.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type KmsErrorCode = keyof typeof ERRORS;

/** `parameter` fills the message; `why` is a sentence of ours after the documented one. */
export type KmsErrorDetails = { parameter?: string; why?: string };

/** An answer of KMS that is not a success. `status` is the HTTP status. */
export class KmsError extends Error {
  readonly status: number;

  constructor(
    readonly code: KmsErrorCode,
    { parameter = '', why }: KmsErrorDetails = {},
  ) {
    const [status, message] = ERRORS[code];
    // A function, because a parameter's name may hold `$&`.
    super(message.replace('%s', () => parameter) + (why ? ` ${why}` : ''));
    this.name = 'KmsError';
    this.status = status;
  }
}

/** A parameter that is there and wrong. */
export function invalidParameter(parameter: string, why?: string): KmsError {
  return new KmsError('InvalidParameter', { parameter, ...(why !== undefined && { why }) });
}

/** An error that a fault asks for, in the table or not. */
export function injectedError({ code, status, message }: InjectedError): KmsError {
  const known = Object.hasOwn(ERRORS, code) ? (code as KmsErrorCode) : undefined;
  const error = new KmsError(known ?? 'InternalFailure');
  const own = { code, ...(status !== undefined && { status }), ...(message !== undefined && { message }) };
  return Object.assign(error, own);
}
