import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refuseAcs3 } from './authentication';
import { isAsync, MAX_ASYNC_BYTES, MAX_SYNC_BYTES, readBody } from './body';
import type { Deployment } from './deployment';
import type { HttpTrigger } from './function-spec';
import { httpEvent } from './http-event';
import { type HttpResponse, httpResponse } from './http-response';
import { hangUp, type Listener, listen } from './listener';
import { newRequestId } from './request-id';

export type HttpTriggerOptions = { functionName: string; trigger: HttpTrigger; port?: number };

/** Request headers together, and path with query (docs: "Limits"), bytes. */
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_URL_BYTES = 4 * 1024;

/** The public URL of one function: every path of this listener is the function's. */
export function startHttpTrigger(options: HttpTriggerOptions, deployment: Deployment): Promise<Listener> {
  const { functionName, trigger, port } = options;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newRequestId(deployment.now());
    response.setHeader('x-fc-request-id', requestId);
    const { status, headers, body } = await respond(request, { requestId, canceled: hangUp(response) });
    response.writeHead(status, { ...headers, 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async function respond(request: IncomingMessage, { requestId, canceled }: Call): Promise<HttpResponse> {
    const body = await readBody(request, isAsync(request) ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES);
    const refusal = refuse(request, body);
    if (refusal || !body) return errorResponse(refusal ?? TOO_LARGE, requestId);
    const time = deployment.now();
    const facts = { ...deployment, body, requestId, functionName, time };
    const event = Buffer.from(JSON.stringify(httpEvent(request, facts)));
    if (isAsync(request)) {
      await deployment.enqueue(functionName, event);
      return { status: 202, headers: {}, body: Buffer.alloc(0) };
    }
    const { failure, body: result } = await deployment.invoke(functionName, { requestId, event, canceled });
    if (failure) return errorResponse(FUNCTION_ERROR, requestId);
    return httpResponse(result) ?? errorResponse(BAD_RESPONSE, requestId);
  }

  function refuse(request: IncomingMessage, body: Buffer | undefined): Refused | undefined {
    if (!body) return TOO_LARGE;
    if (Buffer.byteLength(request.url ?? '') > MAX_URL_BYTES) return URL_TOO_LONG;
    if (!isDecodable(request.url ?? '')) return BAD_URL;
    const refusal: Refusal = trigger.authType === 'function' ? refuseAcs3(request, deployment) : undefined;
    if (refusal) return refusal;
    return trigger.methods.includes(request.method ?? '') ? undefined : METHOD_NOT_ALLOWED;
  }

  return listen(answer, { maxHeaderSize: MAX_HEADER_BYTES + MAX_URL_BYTES, ...(port && { port }) });
}

type Call = { requestId: string; canceled: AbortSignal };
type Refused = { status: number; code: string; message: string };

const FUNCTION_ERROR: Refused = { status: 502, code: 'FunctionError', message: 'Internal Server Error' };
const BAD_RESPONSE: Refused = {
  status: 502,
  code: 'BadResponse',
  message: 'The function answered no HTTP response.',
};
const BAD_URL: Refused = { status: 400, code: 'InvalidArgument', message: 'The path is not URL-encoded.' };
const METHOD_NOT_ALLOWED: Refused = {
  status: 405,
  code: 'MethodNotAllowed',
  message: 'The trigger has no such method.',
};
const TOO_LARGE: Refused = { status: 413, code: 'EntityTooLarge', message: 'The request body is too large.' };
const URL_TOO_LONG: Refused = {
  status: 414,
  code: 'InvalidArgument',
  message: 'The path and query are too long.',
};

function errorResponse({ status, code, message }: Refused, requestId: string): HttpResponse {
  const body = Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: message }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function isDecodable(url: string): boolean {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '') !== '';
  } catch {
    return false;
  }
}
