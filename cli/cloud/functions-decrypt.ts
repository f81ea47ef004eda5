import type { FcClient } from '../../functions/cloud/fc-client';
import { INVOKE } from '../../functions/cloud/functions';
import type { Header, WrappedKey } from '../../functions/envelope/envelope';
import { Fault, type FaultCode } from '../../functions/fault';
import type { Session } from '../session/session';

/** What is asked of the decrypt function (its openapi.json, DownloadRequest). */
export type DownloadRequest = { key: string; versionId?: string; range?: string; id: string };

/** A plaintext that waits under a signed URL, which is a secret. */
export type ReadyDownload = { id: string; url: string; bytes: number; versionId: string; sealedAt: string };

type DownloadAnswer =
  | ({ state: 'ready' } & ReadyDownload)
  | { state: 'pending'; bytesDone: number; bytes?: number }
  | { state: 'failed'; code: string };

/** What an envelope says of itself, unproven. `bytes` of plaintext. */
type Described = Pick<Header, 'facts'> & {
  versionId: string;
  bytes: number;
  wrappedKeys: Omit<WrappedKey, 'ciphertextBlob'>[];
};

/**
 * The decrypt function, asked by InvokeFunction in the shape of its HTTP requests. All throw the function's own problems
 * as Faults, `fc-refused` and `fc-unavailable`.
 */
export type DecryptFunction = {
  /** GET /envelopes/{key}: no key is asked for. */
  describe(key: string, versionId?: string): Promise<Described>;
  /** POST /downloads, waiting for its answer, which may take longer than the client waits (`fc-unavailable`): once. */
  open(request: DownloadRequest): Promise<ReadyDownload>;
  /** The same without waiting: `lookUp` tells what becomes of it. */
  openLater(request: DownloadRequest): Promise<void>;
  /** GET /downloads/{id}. Throws `download-unknown`. */
  lookUp(id: string): Promise<DownloadAnswer>;
};

export function decryptFunctionOf({ deployment, fc }: Pick<Session, 'deployment' | 'fc'>): DecryptFunction {
  const name = `${deployment.name}-decrypt`;
  const { call, once } = fc();
  const get = <T>(path: string, query: Record<string, string> = {}) =>
    call(INVOKE, (client) => ask<T>(client, name, { method: 'GET', path, query }));
  return {
    describe: (key, versionId) =>
      get(`/envelopes/${encodeURIComponent(key)}`, versionId === undefined ? {} : { versionId }),
    open: (request) => once(INVOKE, (client) => ask(client, name, postOf(request))),
    async openLater(request) {
      const headers = { 'x-fc-invocation-type': 'Async' };
      await call(INVOKE, (client) => invoke(client, name, postOf(request), headers));
    },
    lookUp: (id) => get(`/downloads/${encodeURIComponent(id)}`),
  };
}

type Request = { method: 'GET' | 'POST'; path: string; query?: Record<string, string>; body?: string };

function postOf(request: DownloadRequest): Request {
  const body = JSON.stringify(request).replaceAll('\ufffd', '\\ufffd');
  return { method: 'POST', path: '/downloads', body };
}

/** The shape of the HTTP trigger's events: a request that is refused is an answer then, which nobody delivers again. */
function eventOf({ method, path, query = {}, body = '' }: Request): string {
  return JSON.stringify({
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers: {},
    queryParameters: query,
    requestContext: { http: { method, path } },
  });
}

async function ask<T>(client: FcClient, name: string, request: Request): Promise<T> {
  const { headers, data } = await invoke(client, name, request, {});
  if (headers['x-fc-error-type']) throw failed(headers['x-fc-error-type']);
  const { statusCode, body } = answerIn(data);
  const json = JSON.parse(body) as T & Problem;
  if (statusCode < 300) return json;
  throw new Fault(codeIn(json), json.title, `request ${json.requestId}`);
}

type Problem = { code: string; title: string; requestId: string };

function invoke(client: FcClient, name: string, request: Request, headers: Record<string, string>) {
  const path = `/functions/${name}/invocations`;
  return client.request('POST', path, { qualifier: 'LATEST' }, eventOf(request), headers);
}

/** As text, where Function Compute does not say that it is JSON. */
function answerIn(data: unknown): { statusCode: number; body: string } {
  const answer = (typeof data === 'string' ? JSON.parse(data) : data) as { statusCode: number; body: string };
  if (typeof answer?.statusCode === 'number') return answer;
  throw failed('no answer');
}

function failed(why: string): Fault {
  return new Fault('fc-unavailable', 'Cannot ask the decrypt function: it does not answer as it should', why);
}

/** Codes are the product's own; one that is newer than this command line says what its kind does. */
function codeIn({ code }: Problem): FaultCode {
  try {
    return new Fault(code as FaultCode, '').status > 0 ? (code as FaultCode) : 'fc-refused';
  } catch {
    return 'fc-refused';
  }
}

/** The code of a download that failed, as a Fault. */
export function downloadFault(code: string): Fault {
  const known = codeIn({ code, title: '', requestId: '' });
  return new Fault(known, `Cannot open the download: the function failed with ${code}`);
}
