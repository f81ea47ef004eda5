import { type ErrorTable, filled, Refusal } from '../../gateway/refusal';
import { RPC_ERRORS, type RpcDetails } from '../../gateway/rpc/errors';

/**
 * KMS's errors: code -> HTTP status, message. `%s` is the parameter's name. Statuses, codes and messages are of
 * the documentation ("Common error codes", "Impact of key states on API calls"); no code is documented for a
 * ciphertext that cannot be opened, InvalidParameter is our choice.
 */
export const ERRORS = {
  ...RPC_ERRORS,
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
  InternalFailure: [500, 'Internal Failure.'],
  InvalidImportToken: [400, 'import token is invalid.'],
  InvalidKeyMaterial: [400, 'key material is invalid.'],
  MissingParameter: [400, 'The parameter "%s" is needed but not provided.'],
  ServiceUnavailableTemporary: [503, 'Service Unavailable Temporary.'],
  UnsupportedOperation: [400, 'This action is not supported.'],
} as const satisfies ErrorTable;

export type KmsErrorCode = keyof typeof ERRORS;

/** An answer of KMS that is not a success. */
export class KmsError extends Refusal {
  constructor(code: KmsErrorCode, { parameter, why }: RpcDetails = {}) {
    const [status, message] = ERRORS[code];
    super(code, status, filled(message, parameter, why));
    this.name = 'KmsError';
  }
}

/** A parameter that is there and wrong. */
export function invalidParameter(parameter: string, why?: string): KmsError {
  return new KmsError('InvalidParameter', { parameter, ...(why !== undefined && { why }) });
}
