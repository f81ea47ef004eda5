import { Fault } from '../fault';

/** What one invocation asks, and by whom. */
export type Call = {
  caller: Caller;
  /** Absent: `payload` is all there is (InvokeFunction). */
  request: HttpRequest | undefined;
  /** JSON, unless the caller is mistaken. */
  payload: string;
};

/** Header names are in lower case. */
export type Caller = {
  /** Whether the trigger tells the rest; else it is what whoever may use InvokeFunction has made up. */
  isTold: boolean;
  headers: Record<string, string>;
  sourceIp: string | undefined;
  userAgent: string | undefined;
};

export type HttpRequest = {
  method: string;
  /** As it was sent, percent-encoded. */
  path: string;
  /** Decoded; repeated parameters are joined with commas. */
  query: Record<string, string>;
};

/** What FC makes an HTTP response of. */
export type HttpResponse = { statusCode: number; headers: Record<string, string>; body: string };

type HttpEvent = {
  rawPath: string;
  body?: unknown;
  isBase64Encoded?: boolean;
  headers?: unknown;
  queryParameters?: unknown;
  requestContext?: { http?: unknown; requestId?: unknown; domainName?: unknown } | null;
};

/**
 * Reads an event: of the HTTP trigger (FC 3.0, "HTTP trigger", built-in runtimes), or of InvokeFunction, which FC may
 * hand over in the shape of an HTTP request to its own API. The caller is who made the outermost request, whatever the
 * payload says. `requestId`: of this run, which nobody can put into a payload beforehand.
 */
export function readCall(event: Buffer, requestId: string): Call {
  const text = event.toString('utf8');
  const outer = httpEvent(text);
  const payload = outer && isInvocation(outer) ? bodyOf(outer) : text;
  const inner = httpEvent(payload);
  const request = inner && requestOf(inner);
  return { caller: callerOf(outer, requestId), request, payload: inner ? bodyOf(inner) : payload };
}

function callerOf(event: HttpEvent | undefined, requestId: string): Caller {
  const { sourceIp, userAgent } = texts(event?.requestContext?.http);
  const headers = Object.entries(texts(event?.headers)).map(([name, value]) => [name.toLowerCase(), value]);
  const isTold = event?.requestContext?.requestId === requestId;
  return { isTold, headers: Object.fromEntries(headers), sourceIp, userAgent };
}

function requestOf({ rawPath, requestContext, queryParameters }: HttpEvent): HttpRequest {
  const { method = 'GET' } = texts(requestContext?.http);
  return { method, path: rawPath, query: texts(queryParameters) };
}

/** Throws `request-invalid`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('request-invalid', 'Cannot read the request: it is not JSON');
  }
}

export function jsonResponse(statusCode: number, body: object): HttpResponse {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify(body),
  };
}

export function redirect(url: string): HttpResponse {
  const headers = { Location: url, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' };
  return { statusCode: 302, headers, body: '' };
}

/** RFC 9457, with our stable `code` and the request id under which the log knows more. */
export function problemResponse({ status, code, message }: Fault, requestId: string): HttpResponse {
  const problem = { title: message, status, code, requestId };
  return {
    ...jsonResponse(status, problem),
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(code === 'too-many-requests' && { 'Retry-After': '60' }),
    },
  };
}

function httpEvent(text: string): HttpEvent | undefined {
  const json = tryJson(text);
  const shaped =
    typeof json === 'object' && json !== null && 'rawPath' in json && typeof json.rawPath === 'string';
  return shaped ? (json as HttpEvent) : undefined;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The function's own URL may be asked for such a path, too. */
function isInvocation({ rawPath, requestContext }: HttpEvent): boolean {
  const isOfApi = /\.aliyuncs\.com$/.test(String(requestContext?.domainName));
  return isOfApi && /^\/2023-03-30\/functions\/[^/]+\/invocations$/.test(rawPath);
}

function bodyOf({ body, isBase64Encoded }: HttpEvent): string {
  if (typeof body !== 'string') return '';
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

function texts(json: unknown): Record<string, string> {
  const pairs = Object.entries(json ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(pairs);
}
