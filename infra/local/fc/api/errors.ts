/**
 * The API's errors: code -> HTTP status. Codes are of the documentation ("Error codes") and of official SDKs and
 * providers; AsyncTaskAlreadyExists and AsyncTaskNotFound are our names, only the 409 is documented.
 */
const STATUSES = {
  AccessDenied: 403,
  AliasNotFound: 404,
  AsyncConfigNotExists: 404,
  AsyncTaskAlreadyExists: 409,
  AsyncTaskNotFound: 404,
  EntityTooLarge: 400,
  FunctionNotFound: 404,
  InvalidArgument: 400,
  NotImplemented: 501,
  PathNotSupported: 400,
  ResourceThrottled: 429,
  TriggerNotFound: 404,
} as const satisfies Record<string, number>;

export type FcErrorCode = keyof typeof STATUSES;

/** An answer of FC's API that is not a success. `status` is the HTTP status. */
export class FcError extends Error {
  readonly status: number;

  constructor(
    readonly code: FcErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'FcError';
    this.status = STATUSES[code];
  }
}
