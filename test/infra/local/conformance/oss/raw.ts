import { type Agent, type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { elementOf } from '../../oss/raw';
import type { Client } from './client';

export type RawRequest = {
  method: string;
  key: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: Buffer;
};

export type RawAnswer = {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** Of the error document. */
  code: string | undefined;
  message: string | undefined;
};

export type Way = { client: Client; bucket: string; endpoint: string; agent: Agent | undefined };

/** Sends a request with the real client's signature, past everything else that the client does. */
export function sendSigned({ client, bucket, ...way }: Way, request: RawRequest): Promise<RawAnswer> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = { 'x-oss-date': date, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD', ...request.headers };
  const queries = Object.fromEntries(Object.entries(request.query ?? {}).map(([k, v]) => [k, v || null]));
  const authorization = client.authorizationV4(request.method, { headers, queries }, bucket, request.key);
  return send({ client, bucket, ...way }, { ...request, headers: { ...headers, authorization } });
}

/** Sends a request as it is. */
export function send({ endpoint, bucket, agent }: Way, request: RawRequest): Promise<RawAnswer> {
  const query = Object.entries(request.query ?? {}).map(([k, v]) =>
    v ? `${k}=${encodeURIComponent(v)}` : k,
  );
  const { protocol, host } = new URL(endpoint);
  const path = `/${encodeURIComponent(request.key).replaceAll('%2F', '/')}`;
  const search = query.length > 0 ? `?${query.join('&')}` : '';
  return exchange(`${protocol}//${bucket}.${host}`, { ...request, agent, path: path + search });
}

type Exchange = Pick<RawRequest, 'headers' | 'body'> & {
  method: string;
  agent: Agent | undefined;
  /** As it goes over the wire. */
  path: string;
};

/** One request to `<protocol>//<host>` and its answer. */
export function exchange(origin: string, { body, headers = {}, ...options }: Exchange): Promise<RawAnswer> {
  const { protocol, hostname, port } = new URL(origin);
  const open = protocol === 'https:' ? tlsRequest : plainRequest;
  // Header values are UTF-8 on the wire; node writes latin1.
  const latin1 = Object.entries(headers).map(([k, v]) => [k, Buffer.from(v).toString('latin1')]);
  return new Promise((resolve, reject) => {
    const request = open({ ...options, hostname, port, headers: Object.fromEntries(latin1) });
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      buffer(response).then((bytes) => resolve({ status, headers, ...document(bytes) }), reject);
    });
    request.end(body);
  });
}

function document(bytes: Buffer) {
  const body = bytes.toString('utf8');
  return { body, code: elementOf(body, 'Code'), message: elementOf(body, 'Message') };
}
