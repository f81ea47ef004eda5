import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';
import { algorithm, type Signed } from '../wire/signature';
import { type ClaimV1, headerClaimV1, isV1, urlClaimV1 } from './claim-v1';

/** Who a request says it is from, not yet checked. */
export type Claim = ClaimV1 | ClaimV4;

export type ClaimV4 = Signed & {
  version: 'V4';
  where: 'header' | 'url' | 'form';
  accessKeyId: string;
  signature: string;
  securityToken: string | undefined;
  /** Seconds from `date` on; signed URLs only. */
  expires: number | undefined;
};

/** Reads the signature from header or URL; undefined when there is none. Throws InvalidArgument for both at once. */
export function readClaim(request: OssRequest): Claim | undefined {
  const { headers, query } = request;
  const inUrl = query.has('x-oss-signature') || query.has('x-oss-signature-version');
  if (isV2(request))
    throw new OssError('NotImplemented', { message: 'Signature version 2 is not implemented.' });
  const v1 = isV1(request);
  if (headers.authorization !== undefined && (inUrl || v1 === 'url')) throw signedTwice();
  if (v1) return v1 === 'url' ? urlClaimV1(request) : headerClaimV1(request);
  if (inUrl) return urlClaim(query);
  if (headers.authorization === undefined) return undefined;
  return headerClaim(headers.authorization, headers);
}

function isV2({ headers, query }: OssRequest): boolean {
  return (
    query.get('x-oss-signature-version') === 'OSS2' || headers.authorization?.startsWith('OSS2 ') === true
  );
}

function headerClaim(authorization: string, headers: OssRequest['headers']): ClaimV4 {
  const [name, ...rest] = authorization.split(' ');
  if (name !== algorithm) throw malformed('Authorization header is invalid.');
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  return {
    ...{ version: 'V4', where: 'header' },
    ...readCredential(fields.get('Credential') ?? ''),
    ...readDate(headers),
    additionalHeaders: splitNames(fields.get('AdditionalHeaders')),
    signature: fields.get('Signature') ?? '',
    securityToken: headers['x-oss-security-token'],
    expires: undefined,
  };
}

function urlClaim(query: OssRequest['query']): ClaimV4 {
  if (query.get('x-oss-signature-version') !== algorithm) {
    throw malformed('The x-oss-signature-version is invalid.', '0002-00000066');
  }
  return {
    ...{ version: 'V4', where: 'url' },
    ...readCredential(query.get('x-oss-credential') ?? ''),
    date: query.get('x-oss-date') ?? '',
    additionalHeaders: splitNames(query.get('x-oss-additional-headers')),
    signature: query.get('x-oss-signature') ?? '',
    securityToken: query.get('x-oss-security-token'),
    expires: readExpires(query.get('x-oss-expires') ?? ''),
  };
}

/** Splits `<access key id>/<scope>`. Throws InvalidArgument. */
export function readCredential(credential: string): { accessKeyId: string; scope: string } {
  const slash = credential.indexOf('/');
  if (slash < 1) throw malformed('The credential is invalid.');
  return { accessKeyId: credential.slice(0, slash), scope: credential.slice(slash + 1) };
}

function readExpires(text: string): number {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= 604_800) return seconds;
  throw new OssError('InvalidArgument', {
    message: 'The x-oss-expires must be between 1 and 604800 seconds.',
    ec: '0002-00000232',
  });
}

function splitNames(names: string | undefined): string[] {
  return names ? names.toLowerCase().split(';').sort() : [];
}

// The OSS Go SDK V1 sends no x-oss-date and signs its Date header as it stands.
function readDate(headers: OssRequest['headers']): Pick<Signed, 'date' | 'dateLine'> {
  const { 'x-oss-date': date, date: dateLine = '' } = headers;
  return date === undefined ? { date: basicDate(dateLine), dateLine } : { date };
}

function basicDate(httpDate: string): string {
  const time = Date.parse(httpDate);
  if (Number.isNaN(time)) throw new OssError('AccessDenied', { message: 'A valid date is required.' });
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function malformed(message: string, ec?: string): OssError {
  return new OssError('InvalidArgument', { message, ...(ec && { ec }) });
}

function signedTwice(): OssError {
  return new OssError('InvalidArgument', {
    message: 'Only one of the Authorization header and the signature in the URL may be given.',
    ec: '0002-00000039',
  });
}
