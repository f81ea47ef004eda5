import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpTrigger } from '../../declared/function-spec';
import { hangUp, type Listener, listen } from '../gateway/listener';
import { asyncOptions, bodyLimit, isAsync, readBody } from './api/body';
import { answerHooked, claimedPrincipal, fcCall } from './api/hooked';
import { type Refusal, refuseAcs3 } from './authentication';
import { httpEvent, isDecodable } from './http-event';
import { type HttpResponse, httpResponse } from './http-response';
import { newRequestId } from './instances/request-id';
import { refusedInvocation } from './invocation/authorize';
import type { Deployment } from './invocation/deployment';

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
    const attached = (answer: HttpResponse) => ({ ...answer, headers: { ...answer.headers, ...ATTACHMENT } });
    await answerHooked({
      ...{ hooks: deployment.hooks, request, response },
      call: fcCall(request, { operation: 'HttpTrigger', functionName, accessKeys: deployment.accessKeys }),
      respond: async () => attached(await respond(request, { requestId, canceled: hangUp(response) })),
      refuse: (error) => attached(errorResponse(error, requestId)),
    });
  }

  async function respond(request: IncomingMessage, { requestId, canceled }: Call): Promise<HttpResponse> {
    const body = await readBody(request, bodyLimit(request));
    const refusal = refuse(request, body);
    if (refusal || !body) return errorResponse(refusal ?? TOO_LARGE, requestId);
    const time = deployment.now();
    const facts = { ...deployment, body, requestId, functionName, time };
    const event = Buffer.from(JSON.stringify(httpEvent(request, facts)));
    if (isAsync(request)) return accept(request, { event, requestId });
    if (deployment.isFull(functionName)) return errorResponse(THROTTLED, requestId);
    const { failure, body: result } = await deployment.invoke(functionName, { requestId, event, canceled });
    if (failure) return FUNCTION_ERROR;
    return httpResponse(result) ?? errorResponse(BAD_RESPONSE, requestId);
  }

  type Accepted = { event: Buffer; requestId: string };
  async function accept({ headers }: IncomingMessage, { event, requestId }: Accepted): Promise<HttpResponse> {
    const options = asyncOptions(headers);
    if (typeof options === 'string') {
      return errorResponse({ status: 400, code: 'InvalidArgument', message: options }, requestId);
    }
    const accepted = await deployment.enqueue(functionName, event, { ...options, requestId });
    return accepted
      ? { status: 202, headers: {}, body: Buffer.alloc(0) }
      : errorResponse(TASK_EXISTS, requestId);
  }

  function refuse(request: IncomingMessage, body: Buffer | undefined): Refused | undefined {
    if (trigger.isInternetDisabled) return INTERNET_DISABLED;
    const fault = body ? faultIn(request) : TOO_LARGE;
    if (fault) return fault;
    const refusal = trigger.authType === 'function' ? refuseCaller(request) : undefined;
    if (refusal) return refusal;
    return trigger.methods.includes(request.method ?? '') ? undefined : METHOD_NOT_ALLOWED;
  }

  function refuseCaller(request: IncomingMessage): Refused | undefined {
    const refusal: Refusal = refuseAcs3(request, deployment);
    if (refusal) return refusal;
    const principal = claimedPrincipal(request.headers.authorization, deployment.accessKeys);
    const message = refusedInvocation(deployment, { functionName, principal });
    return message === undefined ? undefined : { status: 403, code: 'AccessDenied', message };
  }

  // Node's own refusal, a bare 431, is for what is far beyond the limits.
  return listen(answer, { maxHeaderSize: 64 * 1024, ...(port && { port }) });
}

type Call = { requestId: string; canceled: AbortSignal };
type Refused = { status: number; code: string; message: string };

/** The domain that a function gets by default makes browsers save what they get (docs: "HTTP trigger invocations"). */
const ATTACHMENT = { 'content-disposition': 'attachment' };

const FUNCTION_ERROR: HttpResponse = {
  status: 502,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('Internal Server Error'),
};
const BAD_RESPONSE: Refused = {
  status: 502,
  code: 'BadResponse',
  message: 'The function answered no HTTP response.',
};
const THROTTLED: Refused = {
  status: 429,
  code: 'ResourceThrottled',
  message: 'The function has no instance left for this request.',
};
const TASK_EXISTS: Refused = {
  status: 409,
  code: 'AsyncTaskAlreadyExists',
  message: 'A task of this id already exists.',
};
// Docs: "Configure an HTTP trigger"; the message is theirs, status and code are not given.
const INTERNET_DISABLED: Refused = {
  status: 403,
  code: 'AccessDenied',
  message: 'access denied due to function internet URL is disable',
};
const METHOD_NOT_ALLOWED: Refused = {
  status: 405,
  code: 'MethodNotAllowed',
  message: 'The trigger has no such method.',
};
// Docs: "HTTP handlers", limits: what is over one is an InvalidArgument, status 400.
const BAD_URL = invalidArgument('The path is not URL-encoded.');
const TOO_LARGE = invalidArgument('The request body is too large.');
const URL_TOO_LONG = invalidArgument('The path and query are too long.');
const HEADERS_TOO_LARGE = invalidArgument('The request headers are too large.');

function invalidArgument(message: string): Refused {
  return { status: 400, code: 'InvalidArgument', message };
}

function faultIn({ url = '', rawHeaders }: IncomingMessage): Refused | undefined {
  if (Buffer.byteLength(url) > MAX_URL_BYTES) return URL_TOO_LONG;
  if (Buffer.byteLength(rawHeaders.join('')) > MAX_HEADER_BYTES) return HEADERS_TOO_LARGE;
  return isDecodable(url) ? undefined : BAD_URL;
}

function errorResponse({ status, code, message }: Refused, requestId: string): HttpResponse {
  const body = Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: message }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}
