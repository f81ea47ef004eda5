import { OssError } from '../wire/errors';
import type { OssRequest } from '../wire/request';

/** Who a request with a signature of V1 says it is from, not yet checked. */
export type ClaimV1 = {
  version: 'V1';
  accessKeyId: string;
  signature: string;
  securityToken: string | undefined;
  /** The line of the string to sign that is the time: the text of a date header, or the seconds of Expires. */
  dateLine: string;
  /** Seconds since 1970; signed URLs only. */
  expires: number | undefined;
};

/** Whether the request is signed with V1, in a header or in the URL. */
export function isV1({ headers, query }: OssRequest): 'header' | 'url' | undefined {
  if (query.has('Signature') || query.has('OSSAccessKeyId')) return 'url';
  return headers.authorization?.startsWith('OSS ') ? 'header' : undefined;
}

/** Reads `Authorization: OSS <access key id>:<signature>`. Throws InvalidArgument, AccessDenied without a date. */
export function headerClaimV1({ headers }: OssRequest): ClaimV1 {
  const [, accessKeyId, signature] = /^OSS ([^:\s]+):(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    throw new OssError('InvalidArgument', { message: 'Authorization header is invalid.' });
  }
  const dateLine = headers['x-oss-date'] ?? headers.date;
  if (dateLine === undefined) {
    throw new OssError('AccessDenied', { message: 'OSS authentication requires a valid Date.' });
  }
  const securityToken = headers['x-oss-security-token'];
  return { version: 'V1', accessKeyId, signature, securityToken, dateLine, expires: undefined };
}

/** Reads OSSAccessKeyId, Expires and Signature. Throws AccessDenied when one is missing or Expires is no number. */
export function urlClaimV1({ query }: OssRequest): ClaimV1 {
  const [accessKeyId, dateLine, signature] = ['OSSAccessKeyId', 'Expires', 'Signature'].map((name) =>
    query.get(name),
  );
  if (!accessKeyId || !dateLine || !signature) {
    throw new OssError('AccessDenied', {
      message: 'Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters',
    });
  }
  if (!/^\d{1,12}$/.test(dateLine)) {
    throw new OssError('AccessDenied', {
      message: 'Invalid date (should be seconds since epoch)',
      ec: '0002-00000070',
    });
  }
  const securityToken = query.get('security-token');
  return { version: 'V1', accessKeyId, signature, securityToken, dateLine, expires: Number(dateLine) };
}
