import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
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
export function openRequest(
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
  return answerTo(openRequest(cloud, request, signedHeaders(cloud.client, request)), request.body);
}

/** Sends a request without a signature. */
export function sendUnsigned(cloud: Cloud, request: RawRequest): Promise<RawAnswer> {
  return answerTo(openRequest(cloud, request, request.headers ?? {}), request.body);
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
