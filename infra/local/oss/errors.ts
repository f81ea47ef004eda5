type Row = { status: number; message: string; ec?: string };

/** Every error of this server: code -> HTTP status, message, EC where one is known (OSS docs, "Error codes"). */
const errors = {
  AccessDenied: {
    status: 403,
    message: 'You have no right to access this object because of bucket acl.',
    ec: '0003-00000001',
  },
  BucketNotEmpty: {
    status: 409,
    message: 'The bucket has objects. Please delete them first.',
    ec: '0015-00000301',
  },
  EntityTooLarge: {
    status: 400,
    message: 'Your proposed upload exceeds the maximum allowed object size.',
  },
  EntityTooSmall: {
    status: 400,
    message: 'Your proposed upload is smaller than the minimum allowed object size.',
  },
  FileAlreadyExists: {
    status: 409,
    message: 'The object you specified already exists and can not be overwritten.',
    ec: '0026-00000002',
  },
  InternalError: { status: 500, message: 'We encountered an internal error. Please try again.' },
  InvalidAccessKeyId: {
    status: 403,
    message: 'The OSS Access Key Id you provided does not exist in our records.',
    ec: '0002-00000902',
  },
  InvalidArgument: { status: 400, message: 'The argument is invalid.' },
  InvalidBucketName: { status: 400, message: 'The specified bucket is not valid.' },
  InvalidDigest: {
    status: 400,
    message: 'The Content-MD5 you specified did not match what we received.',
  },
  InvalidObjectName: { status: 400, message: 'The specified object is not valid.' },
  InvalidPart: {
    status: 400,
    message:
      'One or more of the specified parts could not be found or the specified entity tag might not have matched.',
  },
  InvalidPartOrder: {
    status: 400,
    message: 'The list of parts was not in ascending order. The part list must be ordered by part number.',
  },
  InvalidRange: { status: 416, message: 'The requested range cannot be satisfied.' },
  InvalidSecurityToken: { status: 403, message: 'The security token you provided is invalid.' },
  InvalidTag: { status: 400, message: 'The tag you provided is invalid.' },
  MalformedXML: {
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema.',
    ec: '0042-00000205',
  },
  MethodNotAllowed: { status: 405, message: 'The specified method is not allowed against this resource.' },
  MissingContentLength: { status: 411, message: 'You must provide the Content-Length HTTP header.' },
  NoSuchBucket: { status: 404, message: 'The specified bucket does not exist.', ec: '0015-00000101' },
  NoSuchKey: { status: 404, message: 'The specified key does not exist.', ec: '0026-00000001' },
  NoSuchUpload: {
    status: 404,
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    ec: '0042-00000002',
  },
  NoSuchVersion: { status: 404, message: 'The specified version does not exist.' },
  NotImplemented: {
    status: 501,
    message: 'A header you provided implies functionality that is not implemented.',
  },
  PreconditionFailed: {
    status: 412,
    message: 'At least one of the pre-conditions you specified did not hold.',
    ec: '0017-00001001',
  },
  RequestTimeTooSkewed: {
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
  },
  RequestTimeout: {
    status: 400,
    message:
      'Your socket connection to the server was not read from or written to within the timeout period.',
  },
  SecondLevelDomainForbidden: {
    status: 403,
    message: 'The bucket you are attempting to access must be addressed using OSS third level domain.',
  },
  SecurityTokenExpired: { status: 403, message: 'The security token you provided has expired.' },
  ServiceUnavailable: { status: 503, message: 'Please reduce your request rate.' },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ec: '0002-00000040',
  },
} satisfies Record<string, Row>;

export type OssErrorCode = keyof typeof errors;

export type OssErrorDetails = {
  status?: number;
  message?: string;
  ec?: string;
  /** Further elements of the error document, for example `Condition`. */
  extra?: Record<string, string>;
  /** Further response headers, for example `x-oss-delete-marker`. */
  headers?: Record<string, string>;
};

/** An answer of OSS that is an error document; status, message and EC come from the table unless given. */
export class OssError extends Error {
  readonly code: OssErrorCode;
  readonly status: number;
  readonly ec: string | undefined;
  readonly extra: Record<string, string>;
  readonly headers: Record<string, string>;

  constructor(code: OssErrorCode, details: OssErrorDetails = {}) {
    const row: Row = errors[code];
    super(details.message ?? row.message);
    this.code = code;
    this.status = details.status ?? row.status;
    this.ec = details.ec ?? (details.message === undefined ? row.ec : undefined);
    this.extra = details.extra ?? {};
    this.headers = details.headers ?? {};
  }
}
