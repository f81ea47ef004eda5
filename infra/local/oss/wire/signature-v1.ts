import { createHmac } from 'node:crypto';
import { headerBytes } from './header-text';
import type { OssRequest } from './request';
import { isSubResource } from './sub-resources';

/** The V1 signature in Base64 that the secret's owner would give. */
export function signatureV1(toSign: string, accessKeySecret: string): string {
  return createHmac('sha1', accessKeySecret).update(headerBytes(toSign)).digest('base64');
}

/**
 * What V1 signs (OSS docs, "Include a V1 signature"): method, MD5, type, the date line, the x-oss headers and the
 * resource with its sub-resources; key and values are the decoded ones.
 */
export function stringToSignV1(request: OssRequest, dateLine: string): string {
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
