import { createHmac } from 'node:crypto';
import { isSubResource } from '../routes/sub-resources';
import { OssError } from '../wire/errors';
import { headerBytes } from '../wire/header-text';
import type { OssRequest } from '../wire/request';
import {
  type Caller,
  checkNotExpired,
  checkSignature,
  checkSkew,
  findCredentials,
  type Gate,
  type GivenSignature,
} from './caller';

type GivenV1 = GivenSignature & {
  /** The line of the string to sign that is the time: the text of a date header, or the seconds of Expires. */
  dateLine: string;
  /** Seconds since 1970; signed URLs only. */
  expires: number | undefined;
};

/** Where the request has a signature of V1. */
export function placeOfV1({ headers, query }: OssRequest): 'header' | 'url' | undefined {
  if (query.has('Signature') || query.has('OSSAccessKeyId')) return 'url';
  return headers.authorization?.startsWith('OSS ') ? 'header' : undefined;
}

/** Checks a signature of V1 in the order of OSS: access key, time, signature, token. Throws the OssError that OSS answers. */
export function authenticateV1(gate: Gate, request: OssRequest): Caller {
  const given = placeOfV1(request) === 'url' ? signatureInUrl(request) : signatureInHeader(request);
  checkTakesV1(gate, request.bucket);
  const credentials = findCredentials(gate, given);
  checkTime(gate, given);
  const toSign = stringToSign(request, given.dateLine);
  checkSignature(gate, { given, credentials, toSign }, signatureV1(toSign, credentials.accessKeySecret));
  return credentials;
}

/** Throws AccessDenied where the bucket takes no signatures of V1. */
export function checkTakesV1({ allowV1 }: Gate, bucket: string): void {
  if (allowV1(bucket)) return;
  throw new OssError('AccessDenied', {
    message: 'Signature version 1 is not supported by this bucket, use version 4.',
    ec: '0002-00000080',
  });
}

/** The V1 signature in Base64 that the secret's owner would give. */
export function signatureV1(toSign: string, accessKeySecret: string): string {
  return createHmac('sha1', accessKeySecret).update(headerBytes(toSign)).digest('base64');
}

// Authorization: OSS <access key id>:<signature>
function signatureInHeader({ headers }: OssRequest): GivenV1 {
  const [, accessKeyId, signature] = /^OSS ([^:\s]+):(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    throw new OssError('InvalidArgument', { message: 'Authorization header is invalid.' });
  }
  const dateLine = headers['x-oss-date'] ?? headers.date;
  if (dateLine === undefined) throw withoutDate();
  return {
    accessKeyId,
    signature,
    securityToken: headers['x-oss-security-token'],
    dateLine,
    expires: undefined,
  };
}

function signatureInUrl({ query }: OssRequest): GivenV1 {
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
  return { accessKeyId, signature, securityToken, dateLine, expires: Number(dateLine) };
}

function checkTime({ now, clientTime = (time) => time }: Gate, { dateLine, expires }: GivenV1): void {
  const time = expires === undefined ? Date.parse(dateLine) : expires * 1000;
  if (Number.isNaN(time)) throw withoutDate();
  if (expires === undefined) checkSkew(clientTime(time), now());
  else checkNotExpired(time, now());
}

function withoutDate(): OssError {
  return new OssError('AccessDenied', { message: 'OSS authentication requires a valid Date.' });
}

/**
 * What V1 signs (OSS docs, "Include a V1 signature"): method, MD5, type, the date line, the x-oss headers and the
 * resource with its sub-resources; key and values are the decoded ones.
 */
function stringToSign(request: OssRequest, dateLine: string): string {
  const { method, headers } = request;
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', dateLine];
  return `${lines.join('\n')}\n${ossHeaders(request)}${resource(request)}`;
}

function ossHeaders({ headers }: OssRequest): string {
  return Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? '').trim()}\n`)
    .join('');
}

function resource({ bucket, key, query }: OssRequest): string {
  const path = bucket === '' ? '/' : `/${bucket}/${key}`;
  const signed = [...query]
    .filter(([name]) => isSubResource(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
}
