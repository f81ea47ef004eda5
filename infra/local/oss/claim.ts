import { OssError } from './errors';
import type { OssRequest } from './request';
import { algorithm, type Signed } from './signature';

/** Who a request says it is from, not yet checked. */
export type Claim = Signed & {
  where: 'header' | 'url';
  accessKeyId: string;
  signature: string;
  securityToken: string | undefined;
  /** Seconds from `date` on; signed URLs only. */
  expires: number | undefined;
};

/** Reads the V4 signature from header or URL. Throws AccessDenied when there is none, or one of V1. */
export function readClaim(request: OssRequest): Claim {
  const { headers, query } = request;
  const inUrl = query.has('x-oss-signature') || query.has('x-oss-signature-version');
  const v1InUrl = query.has('Signature') || query.has('OSSAccessKeyId');
  if (headers.authorization !== undefined && (inUrl || v1InUrl)) throw signedTwice();
  if (v1InUrl || headers.authorization?.startsWith('OSS ')) throw v1Refused();
  if (inUrl) return urlClaim(query);
  if (headers.authorization === undefined) throw new OssError('AccessDenied');
  return headerClaim(headers.authorization, headers);
}

function headerClaim(authorization: string, headers: OssRequest['headers']): Claim {
  const [name, ...rest] = authorization.split(' ');
  if (name !== algorithm) throw malformed('Authorization header is invalid.');
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  return {
    where: 'header',
    ...readCredential(fields.get('Credential') ?? ''),
    date: headers['x-oss-date'] ?? basicDate(headers.date ?? ''),
    additionalHeaders: splitNames(fields.get('AdditionalHeaders')),
    signature: fields.get('Signature') ?? '',
    securityToken: headers['x-oss-security-token'],
    expires: undefined,
  };
}

function urlClaim(query: OssRequest['query']): Claim {
  if (query.get('x-oss-signature-version') !== algorithm) {
    throw malformed('The x-oss-signature-version is invalid.');
  }
  return {
    where: 'url',
    ...readCredential(query.get('x-oss-credential') ?? ''),
    date: query.get('x-oss-date') ?? '',
    additionalHeaders: splitNames(query.get('x-oss-additional-headers')),
    signature: query.get('x-oss-signature') ?? '',
    securityToken: query.get('x-oss-security-token'),
    expires: readExpires(query.get('x-oss-expires') ?? ''),
  };
}

function readCredential(credential: string): { accessKeyId: string; scope: string } {
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

function basicDate(httpDate: string): string {
  const time = Date.parse(httpDate);
  if (Number.isNaN(time)) throw new OssError('AccessDenied', { message: 'A valid date is required.' });
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function malformed(message: string): OssError {
  return new OssError('InvalidArgument', { message });
}

function signedTwice(): OssError {
  return new OssError('InvalidArgument', {
    message: 'Only one of the Authorization header and the signature in the URL may be given.',
    ec: '0002-00000039',
  });
}

function v1Refused(): OssError {
  return new OssError('AccessDenied', {
    message: 'Signature version 1 is not supported by this bucket, use version 4.',
    ec: '0002-00000080',
  });
}
