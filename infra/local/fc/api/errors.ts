import type { InjectedError } from '../../gateway/hooks';
import { injected, Refusal } from '../../gateway/refusal';

/**
 * Function Compute's errors: code -> HTTP status. Codes are of the documentation ("Error codes") and of official SDKs
 * and providers; AsyncTaskAlreadyExists and AsyncTaskNotFound are our names, only the 409 is documented.
 */
const STATUSES = {
  AccessDenied: 403,
  AliasNotFound: 404,
  AsyncConfigNotExists: 404,
  AsyncTaskAlreadyExists: 409,
  AsyncTaskNotFound: 404,
  BadResponse: 502,
  EntityTooLarge: 400,
  FunctionNotFound: 404,
  InvalidAccessKeyID: 403,
  InvalidArgument: 400,
  MethodNotAllowed: 405,
  MissingRequiredHeader: 400,
  NotImplemented: 501,
  PathNotSupported: 400,
  ResourceThrottled: 429,
  SignatureNotMatch: 403,
  TriggerNotFound: 404,
} as const satisfies Record<string, number>;

export type FcErrorCode = keyof typeof STATUSES;

/** An answer of Function Compute that is not a success. */
export class FcError extends Refusal {
  constructor(code: FcErrorCode, message: string) {
    super(code, STATUSES[code], message);
    this.name = 'FcError';
  }
}

/** An error that a fault asks for. */
export function asFc(error: InjectedError): Refusal {
  const usual = Object.hasOwn(STATUSES, error.code) ? STATUSES[error.code as FcErrorCode] : 500;
  return injected({ status: usual, ...error });
}
