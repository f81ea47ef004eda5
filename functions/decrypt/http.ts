import { Fault } from '../fault';

/** An HTTP request as FC 3.0 hands it to a function ("HTTP trigger", event of built-in runtimes). */
export type HttpRequest = { method: string; path: string; body: string };

/** What FC makes an HTTP response of. */
export type HttpResponse = { statusCode: number; headers: Record<string, string>; body: string };

type HttpEvent = {
  rawPath: string;
  body?: unknown;
  isBase64Encoded?: boolean;
  requestContext?: { http?: { method?: string } };
};

/** The request in an HTTP-shaped event, or undefined where the event is the bare payload of an InvokeFunction call. */
export function readHttp(event: Buffer): HttpRequest | undefined {
  const json = httpEvent(event);
  if (!json || isInvocation(json)) return undefined;
  return { method: json.requestContext?.http?.method ?? 'GET', path: json.rawPath, body: bodyOf(json) };
}

/**
 * The payload of an InvokeFunction call; FC may hand it over in the shape of an HTTP request to its own API.
 * Throws `request-invalid`.
 */
export function readPayload(event: Buffer): unknown {
  const json = httpEvent(event);
  return parseJson(json ? bodyOf(json) : event.toString('utf8'));
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

/** RFC 9457, with our stable `code` and the request id under which the log knows more. */
export function problemResponse({ status, code, message }: Fault, requestId: string): HttpResponse {
  const problem = { title: message, status, code, requestId };
  return {
    ...jsonResponse(status, problem),
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  };
}

function httpEvent(event: Buffer): HttpEvent | undefined {
  const json = tryJson(event);
  const shaped =
    typeof json === 'object' && json !== null && 'rawPath' in json && typeof json.rawPath === 'string';
  return shaped ? (json as HttpEvent) : undefined;
}

function tryJson(event: Buffer): unknown {
  try {
    return JSON.parse(event.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isInvocation({ rawPath }: HttpEvent): boolean {
  return /^\/2023-03-30\/functions\/[^/]+\/invocations$/.test(rawPath);
}

function bodyOf({ body, isBase64Encoded }: HttpEvent): string {
  if (typeof body !== 'string') return '';
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}
