import { createHash, createHmac } from 'node:crypto';
import { percentEncode } from '../../gateway/acs3-signature';
import { headerBytes } from './header-text';
import type { OssRequest } from './request';

/** The algorithm's name, in headers, URLs and strings to sign. */
export const algorithm = 'OSS4-HMAC-SHA256';

/** What a V4 signature covers beside the request itself. */
export type Signed = {
  /** yyyymmdd'T'HHMMss'Z' */
  date: string;
  /** What stands for `date` in the string to sign: the Date header as sent, of a client without x-oss-date. */
  dateLine?: string;
  /** yyyymmdd/region/oss/aliyun_v4_request */
  scope: string;
  /** Lower-case names of headers signed beyond content-type, content-md5 and x-oss-*, in order. */
  additionalHeaders: string[];
};

/** What of a request a signature is about. */
type Signable = Pick<OssRequest, 'method' | 'bucket' | 'key' | 'query' | 'headers'>;

/** The V4 signature in hex that the secret's owner would give (OSS docs, "Include a V4 signature"). */
export function signatureOf(toSign: string, signed: Pick<Signed, 'scope'>, accessKeySecret: string): string {
  const key = signed.scope.split('/').reduce<string | Buffer>(hmac, `aliyun_v4${accessKeySecret}`);
  return hmac(key, toSign).toString('hex');
}

/**
 * The strings that may have been signed: algorithm, date, scope and the hash of the canonical request. There is one,
 * but for parameters with an empty value: some clients sign `name`, some `name=`, and what is sent does not tell which.
 */
export function stringsToSign(request: Signable, signed: Signed): [string, ...string[]] {
  const [plain, ...others] = namesWithEquals(request);
  return [toSign(request, signed, plain), ...others.map((names) => toSign(request, signed, names))];
}

function toSign(request: Signable, signed: Signed, withEquals: string[]): string {
  const hash = createHash('sha256')
    .update(headerBytes(canonicalRequest(request, signed, withEquals)))
    .digest('hex');
  return [algorithm, signed.dateLine ?? signed.date, signed.scope, hash].join('\n');
}

// Every subset of the parameters without a value, the empty one first; no request has many.
function namesWithEquals({ query }: Signable): [string[], ...string[][]] {
  const empty = [...query].filter(([, value]) => value === '').map(([name]) => name);
  const subsets: [string[], ...string[][]] = [[]];
  for (const name of empty.slice(0, 6)) subsets.push(...subsets.map((names) => [...names, name]));
  return subsets;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalRequest(request: Signable, { additionalHeaders }: Signed, withEquals: string[]): string {
  return [
    request.method,
    canonicalUri(request),
    canonicalQuery(request, withEquals),
    canonicalHeaders(request, additionalHeaders),
    additionalHeaders.join(';'),
    request.headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

// The same for every way of addressing: /bucket/key, a custom domain's too.
function canonicalUri({ bucket, key }: Signable): string {
  if (bucket === '') return '/';
  return `/${bucket}/${percentEncode(key).replaceAll('%2F', '/')}`;
}

function canonicalQuery({ query }: Signable, withEquals: string[]): string {
  const plain = (name: string, value: string) => value === '' && !withEquals.includes(name);
  return [...query]
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => {
      const encoded = percentEncode(name);
      return [encoded, plain(name, value) ? encoded : `${encoded}=${percentEncode(value)}`] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parameter]) => parameter)
    .join('&');
}

function canonicalHeaders({ headers }: Signable, additionalHeaders: string[]): string {
  return Object.keys(headers)
    .filter((name) => alwaysSigned(name) || additionalHeaders.includes(name))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? '').trim()}\n`)
    .join('');
}

function alwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}
