import type { InjectedError } from '../../gateway/hooks';
import { Refusal } from '../../gateway/refusal';

type Row = { status: number; message: string; ec?: string };

/** Every error of this server: code -> HTTP status, message, EC where one is known (OSS docs, "Error codes"). */
const errors = {
  AccessDenied: {
    status: 403,
    message: 'You have no right to access this object because of bucket acl.',
    ec: '0003-00000001',
  },
  AccessForbidden: { status: 403, message: 'CORSResponse: This CORS request is not allowed.' },
  BadRequest: { status: 400, message: 'The request is not HTTP.' },
  BucketNotEmpty: {
    status: 409,
    message: 'The bucket has objects. Please delete them first.',
    ec: '0015-00000301',
  },
  CallbackFailed: { status: 203, message: 'The callback has failed.' },
  EntityTooLarge: {
    status: 400,
    message: 'Your proposed upload exceeds the maximum allowed object size.',
  },
  EntityTooSmall: {
    status: 400,
    message: 'Your proposed upload is smaller than the minimum allowed object size.',
  },
  ExpectationFailed: { status: 417, message: 'Only Expect: 100-continue is understood.' },
  FileAlreadyExists: {
    status: 409,
    message: 'The object you specified already exists and can not be overwritten.',
    ec: '0026-00000002',
  },
  FileImmutable: {
    status: 409,
    message: 'The object you specified is immutable.',
    ec: '0026-00000005',
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
  InvalidEncryptionAlgorithmError: {
    status: 400,
    message: 'The Encryption request you specified is not valid. Supported value: AES256/KMS/SM4.',
    ec: '0005-00000003',
  },
  InvalidObjectName: { status: 400, message: 'The specified object is not valid.' },
  InvalidObjectState: { status: 403, message: "The operation is not valid for the object's state." },
  InvalidPart: {
    status: 400,
    message:
      'One or more of the specified parts could not be found or the specified entity tag might not have matched.',
  },
  InvalidPartOrder: {
    status: 400,
    message: 'The list of parts was not in ascending order. The part list must be ordered by part number.',
  },
  InvalidPolicyDocument: {
    status: 400,
    message: 'The content of the form does not meet the conditions specified in the policy document.',
  },
  InvalidRange: { status: 416, message: 'The requested range cannot be satisfied.' },
  InvalidRequest: { status: 400, message: 'The request is invalid.' },
  InvalidSecurityToken: { status: 403, message: 'The security token you provided is invalid.' },
  InvalidTag: { status: 400, message: 'The tag you provided is invalid.' },
  InvalidTargetBucketForLogging: {
    status: 400,
    message: 'The target bucket for logging does not exist or is not owned by you.',
  },
  InvalidTargetType: {
    status: 400,
    message: "The symbolic's target file type is invalid",
    ec: '0026-00000011',
  },
  InventoryAlreadyExist: { status: 409, message: 'The inventory already exists.', ec: '0020-00000042' },
  InvalidWORMConfiguration: { status: 400, message: 'The WORM Configuration is invalid.' },
  MalformedPOSTRequest: {
    status: 400,
    message: 'The body of your POST request is not well-formed multipart/form-data.',
    ec: '0006-00000104',
  },
  MalformedXML: {
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our published schema.',
    ec: '0042-00000205',
  },
  MethodNotAllowed: { status: 405, message: 'The specified method is not allowed against this resource.' },
  MissingArgument: { status: 400, message: 'Missing Some Required Arguments.' },
  MissingContentLength: { status: 411, message: 'You must provide the Content-Length HTTP header.' },
  NoSuchBucket: { status: 404, message: 'The specified bucket does not exist.', ec: '0015-00000101' },
  NoSuchBucketPolicy: {
    status: 404,
    message: 'The specified bucket policy does not exist.',
    ec: '0030-00000006',
  },
  NoSuchCORSConfiguration: {
    status: 404,
    message: 'The CORS Configuration does not exist.',
    ec: '0034-00000001',
  },
  NoSuchInventory: { status: 404, message: 'No Row found in Inventory Table.' },
  NoSuchKey: { status: 404, message: 'The specified key does not exist.', ec: '0026-00000001' },
  NoSuchLifecycle: { status: 404, message: 'No Row found in Lifecycle Table.' },
  NoSuchLiveChannel: { status: 404, message: 'The specified live channel does not exist.' },
  NoSuchRegion: { status: 404, message: 'NoSuchRegion' },
  NoSuchServerSideEncryptionRule: {
    status: 404,
    message: 'The server side encryption configuration was not found.',
    ec: '0005-00000004',
  },
  NoSuchStyle: { status: 404, message: 'No Such Image Style' },
  NoSuchTransferAccelerationConfiguration: {
    status: 404,
    message: 'The bucket you specified does not have transfer acceleration configuration.',
    ec: '0028-00000004',
  },
  NoSuchUpload: {
    status: 404,
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    ec: '0042-00000002',
  },
  NoSuchVersion: { status: 404, message: 'The specified version does not exist.' },
  NoSuchWORMConfiguration: { status: 404, message: 'The WORM Configuration does not exist.' },
  NoSuchWebsiteConfiguration: {
    status: 404,
    message: 'The specified bucket does not have a website configuration.',
  },
  NotImplemented: {
    status: 501,
    message: 'A header you provided implies functionality that is not implemented.',
  },
  NotSymlink: { status: 400, message: 'The object is not symlink.', ec: '0043-00000101' },
  ObjectNotAppendable: { status: 409, message: 'The object is not appendable' },
  OperationNotSupported: { status: 400, message: 'The operation is not supported for this resource' },
  PartNotSequential: { status: 400, message: 'The parts of this upload must come in sequence.' },
  PositionNotEqualToLength: {
    status: 409,
    message: 'Position is not equal to file length',
    ec: '0026-00000016',
  },
  PreconditionFailed: {
    status: 412,
    message: 'At least one of the pre-conditions you specified did not hold.',
    ec: '0017-00001001',
  },
  RequestHeaderTooLarge: { status: 431, message: 'The request line and its headers are larger than 64 KB.' },
  RequestTimeTooSkewed: {
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
  },
  RequestTimeout: {
    status: 400,
    message:
      'Your socket connection to the server was not read from or written to within the timeout period.',
  },
  ResourceGroupIdPreCheckError: {
    status: 400,
    message: 'The resource group id precheck error',
    ec: '0039-00000003',
  },
  RestoreAlreadyInProgress: {
    status: 409,
    message: 'The restore operation is in progress.',
    ec: '0016-00000701',
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
  SymlinkTargetNotExist: {
    status: 404,
    message: "The symbolic's target file does not exist",
    ec: '0026-00000012',
  },
  WORMConfigurationLocked: { status: 403, message: 'The WORM Configuration is locked.' },
} satisfies Record<string, Row>;

export type OssErrorCode = keyof typeof errors;

type Extra = Record<string, string | Record<string, string>>;

export type OssErrorDetails = {
  status?: number;
  message?: string;
  ec?: string;
  /** Further elements of the error document, for example `Condition`. */
  extra?: Extra;
  /** Further response headers, for example `x-oss-delete-marker`. */
  headers?: Record<string, string>;
};

/** An answer of OSS that is an error document; status, message and EC come from the table unless given. */
export class OssError extends Refusal {
  readonly ec: string | undefined;
  readonly extra: Extra;
  readonly headers: Record<string, string>;

  constructor(code: OssErrorCode, details: OssErrorDetails = {}) {
    const row: Row = errors[code];
    super(code, details.status ?? row.status, details.message ?? row.message);
    this.ec = details.ec ?? (details.message === undefined ? row.ec : undefined);
    this.extra = details.extra ?? {};
    this.headers = details.headers ?? {};
  }
}

/** An error that a fault asks for, in the table or not. */
export function injectedError({ code, ...details }: InjectedError): OssError {
  const known = Object.hasOwn(errors, code) ? (code as OssErrorCode) : undefined;
  if (known) return new OssError(known, details);
  const { status = 500, message = 'An injected fault.' } = details;
  return Object.assign(new OssError('InternalError', { status, message }), { code });
}
