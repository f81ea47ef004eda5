import { type ErrorTable, filled, Refusal } from '../../gateway/refusal';

/** MNS's errors: code -> HTTP status, message, both of the documentation ("Error codes"). `%s` is what it is about. */
export const ERRORS = {
  AccessDenied: [403, 'The OwnerId that your Access Key Id associated to is forbidden for this operation.'],
  InternalError: [500, 'Internal error.'],
  InvalidAccessKeyId: [403, 'The AccessKey Id you provided is not exist.'],
  InvalidArgument: [400, 'The value of %s.'],
  InvalidAuthorizationHeader: [400, 'The Authorization header format is invalid.'],
  InvalidDateHeader: [400, 'The Date header format is invalid.'],
  InvalidDegist: [400, 'The Content-MD5 you specified is invalid.'],
  InvalidQueryString: [400, 'Http request URL contains invalid querystring item "%s".'],
  InvalidQueueName: [
    400,
    'The queue name you provided is invalid. QueueName should start with alphabet and only contain alphabet, digit or -.',
  ],
  InvalidRequestURL: [400, 'Http request URL format invalid.'],
  MalformedXML: [400, 'The XML you provided was not well-formed.'],
  MessageNotExist: [404, 'Message not exist.'],
  MissingAuthorizationHeader: [400, 'Authorization header is required.'],
  MissingDateHeader: [400, 'Date header is required.'],
  MissingReceiptHandle: [400, 'ReceiptHandle is required.'],
  MissingVisibilityTimeout: [400, 'VisibilityTimeout is required.'],
  NotImplemented: [501, 'The local cloud does not implement %s.'],
  QueueAlreadyExist: [409, 'The queue you want to create is already exist.'],
  QueueNameLengthError: [400, 'QueueName length should between 1 and 120.'],
  QueueNotExist: [404, 'The queue name you provided is not exist.'],
  ReceiptHandleError: [400, 'The receipt handle you provided is not valid.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  TimeExpired: [408, 'The http request you sent is expired.'],
} as const satisfies ErrorTable;

export type MnsErrorCode = keyof typeof ERRORS;

/** An answer of MNS that is not a success; `about` fills the message. */
export class MnsError extends Refusal {
  constructor(code: MnsErrorCode, about?: string) {
    const [status, message] = ERRORS[code];
    super(code, status, filled(message, about));
    this.name = 'MnsError';
  }
}
