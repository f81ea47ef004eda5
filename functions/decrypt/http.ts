import { lowerAscii, utf8 } from '../characters';
import { Fault } from '../fault';

/** What one invocation asks, and by whom. */
export type Call = {
  caller: Caller;
  /** Absent: `payload` is all there is (InvokeFunction). */
  request: HttpRequest | undefined;
  /** JSON, unless the caller is mistaken. */
  payload: Buffer;
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
  const outer = httpEvent(event);
  const payload = outer && isInvocation(outer) ? bodyOf(outer) : event;
  const inner = httpEvent(payload);
  const request = inner && requestOf(inner);
  return { caller: callerOf(outer, requestId), request, payload: inner ? bodyOf(inner) : payload };
}

function callerOf(event: HttpEvent | undefined, requestId: string): Caller {
  const { sourceIp, userAgent } = texts(event?.requestContext?.http);
  const headers = Object.entries(texts(event?.headers)).map(([name, value]) => [lowerAscii(name), value]);
  const isTold = event?.requestContext?.requestId === requestId;
  return { isTold, headers: Object.fromEntries(headers), sourceIp, userAgent };
}

function requestOf({ rawPath, requestContext, queryParameters }: HttpEvent): HttpRequest {
  const { method = 'GET' } = texts(requestContext?.http);
  return { method, path: rawPath, query: texts(queryParameters) };
}

/**
 * Throws `request-invalid`. Function Compute hands a body over as text, with U+FFFD for what was not UTF-8: who means that
 * character writes its escape.
 */
export function parseJson(payload: Buffer): unknown {
  const text = utf8(payload);
  if (text === undefined || text.includes('\ufffd'))
    throw new Fault(
      'request-invalid',
      'Cannot read the request: it is not UTF-8 (U+FFFD is written \\ufffd)',
    );
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault('request-invalid', 'Cannot read the request: it is not JSON');
  }
}

/** Nobody keeps an answer, or takes it for another type than it says. */
const OF_ALL = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

export function jsonResponse(statusCode: number, body: object): HttpResponse {
  const headers = { 'Content-Type': 'application/json', ...OF_ALL };
  return { statusCode, headers, body: JSON.stringify(body) };
}

export function redirect(url: string): HttpResponse {
  const headers = { Location: url, ...OF_ALL, 'Referrer-Policy': 'no-referrer' };
  return { statusCode: 302, headers, body: '' };
}

/** RFC 9457, with our stable `code` and the request id under which the log knows more. */
export function problemResponse({ status, code, message }: Fault, requestId: string): HttpResponse {
  const problem = { title: message, status, code, requestId };
  return {
    ...jsonResponse(status, problem),
    headers: {
      'Content-Type': 'application/problem+json',
      ...OF_ALL,
      ...(code === 'too-many-requests' && { 'Retry-After': '60' }),
    },
  };
}

function httpEvent(bytes: Buffer): HttpEvent | undefined {
  const json = tryJson(bytes);
  const shaped =
    typeof json === 'object' && json !== null && 'rawPath' in json && typeof json.rawPath === 'string';
  return shaped ? (json as HttpEvent) : undefined;
}

function tryJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8(bytes) ?? '');
  } catch {
    return undefined;
  }
}

/** The function's own URL may be asked for such a path, too. */
function isInvocation({ rawPath, requestContext }: HttpEvent): boolean {
  const isOfApi = /\.aliyuncs\.com$/.test(String(requestContext?.domainName));
  return isOfApi && /^\/2023-03-30\/functions\/[^/]+\/invocations$/.test(rawPath);
}

function bodyOf({ body, isBase64Encoded }: HttpEvent): Buffer {
  return Buffer.from(typeof body === 'string' ? body : '', isBase64Encoded ? 'base64' : 'utf8');
}

function texts(json: unknown): Record<string, string> {
  const pairs = Object.entries(json ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(pairs);
}
