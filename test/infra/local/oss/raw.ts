import { createHash, createHmac } from 'node:crypto';
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Credentials } from '../../../../infra/local/ram/credentials';
import type { Client } from './client';
import type { Cloud } from './cloud';

export type RawRequest = {
  method: string;
  key: string;
  /** `inbox` unless given. */
  bucket?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  additionalHeaders?: string[];
  body?: Buffer;
};

export type RawAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  code: string | undefined;
};

/** The headers of a request signed by the real client, which may then be broken. Path style. */
export function signedHeaders(client: Client, request: RawRequest, time = Date.now()) {
  const date = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = { 'x-oss-date': date, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', ...request.headers };
  const queries = Object.fromEntries(Object.entries(request.query ?? {}).map(([k, v]) => [k, v || null]));
  const { method, key, bucket = 'inbox', additionalHeaders } = request;
  const authorization = client.authorizationV4(method, { headers, queries }, bucket, key, additionalHeaders);
  return { ...headers, authorization };
}

/** Opens a request without a body yet. */
export function beginRequest(
  cloud: Cloud,
  request: RawRequest,
  headers: Record<string, string>,
): ClientRequest {
  const query = Object.entries(request.query ?? {}).map(([k, v]) =>
    v ? `${k}=${encodeURIComponent(v)}` : k,
  );
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  const { bucket = 'inbox' } = request;
  const path = `/${bucket && `${bucket}/`}${encodeURIComponent(request.key).replaceAll('%2F', '/')}${search}`;
  return httpRequest({ host: '127.0.0.1', port: cloud.oss.port, method: request.method, path, headers });
}

/** Sends a request with the real client's signature, past everything else that the client does. */
export async function send(cloud: Cloud, request: RawRequest): Promise<RawAnswer> {
  return answerTo(beginRequest(cloud, request, signedHeaders(cloud.client, request)), request.body);
}

/** Sends a request without a signature. */
export function sendUnsigned(cloud: Cloud, request: RawRequest): Promise<RawAnswer> {
  return answerTo(beginRequest(cloud, request, request.headers ?? {}), request.body);
}

/** Ends a request and reads its answer. */
export function answerTo(request: ClientRequest, body?: Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      buffer(response).then((bytes) => resolve({ status, headers, ...document(bytes) }), reject);
    });
    request.end(body);
  });
}

function document(bytes: Buffer): { body: string; code: string | undefined } {
  const body = bytes.toString('utf8');
  return { body, code: elementOf(body, 'Code') };
}

/** The text of the first element of that name. */
export function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** PutObject with headers of any bytes, given as Latin-1 and signed as they are: ali-oss signs text only. */
export function putBytes(
  { port, bucket, credentials }: { port: number; bucket: string; credentials: Credentials },
  key: string,
  given: Record<string, string>,
  body = Buffer.from('hello'),
): Promise<RawAnswer> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
  const headers = { ...given, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', 'x-oss-date': date };
  const lines = Object.entries(headers)
    .filter(([name]) => name === 'content-type' || name.startsWith('x-oss-'))
    .sort()
    .map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['PUT', `/${bucket}/${key}`, '', lines.join(''), '', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const hmac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text).digest();
  const signing = scope.split('/').reduce<string | Buffer>(hmac, `aliyun_v4${credentials.accessKeySecret}`);
  const signature = hmac(signing, `OSS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`).toString('hex');
  const authorization = `OSS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope},Signature=${signature}`;
  const path = `/${bucket}/${key}`;
  const request = { host: '127.0.0.1', port, method: 'PUT', path, headers: { ...headers, authorization } };
  return answerTo(httpRequest(request), body);
}
