import type { IncomingMessage } from 'node:http';
import type { HttpTrigger } from '../../declared/function-spec';
import { isDecodable, readBody, splitUrl } from '../gateway/body';
import { type Exchange, type Handling, handle, hooked, type Progress } from '../gateway/handle';
import { shownHeaders } from '../gateway/hooks';
import { hangUp, type Listener, listen } from '../gateway/listener';
import { Refusal } from '../gateway/refusal';
import type { Reply } from '../gateway/reply';
import { asyncOptions, bodyLimit, isAsync } from './api/body';
import { asFc, FcError } from './api/errors';
import { callerByAcs3 } from './authentication';
import { httpEvent } from './http-event';
import { httpResponse } from './http-response';
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
  const { hooks } = deployment;

  function handling({ request, response }: Exchange): Handling {
    const requestId = newRequestId(deployment.now());
    const own = { 'x-fc-request-id': requestId, ...ATTACHMENT };
    const withOwn = (reply: Reply) => ({ ...reply, headers: { ...reply.headers, ...own } });

    async function answer(progress: Progress): Promise<Reply> {
      const body = await readBody(request, bodyLimit(request));
      const principal = admit(request, body);
      progress.call = { ...progress.call, principal };
      const invocation = { body: body ?? Buffer.alloc(0), requestId, canceled: hangUp(response) };
      const respond = () => invoke(request, invocation);
      return withOwn(await hooked({ hooks, injected: asFc }, progress, respond));
    }

    function refuse(error: unknown): Reply {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message } = error;
      const body = Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: message }));
      return withOwn({ status, headers: { 'content-type': 'application/json' }, body, code });
    }

    const query = Object.fromEntries(new URLSearchParams(splitUrl(request).query));
    const known = { functionName, query, headers: shownHeaders(request.headers), principal: '' };
    return { hooks, call: { service: 'fc', operation: 'HttpTrigger', ...known }, answer, refuse };
  }

  /** Who calls; empty where everybody may. Throws FcError. */
  function admit(request: IncomingMessage, body: Buffer | undefined): string {
    // Docs: "Configure an HTTP trigger"; the message is theirs, status and code are not given.
    if (trigger.isInternetDisabled)
      throw new FcError('AccessDenied', 'access denied due to function internet URL is disable');
    checkLimits(request, body);
    const principal = trigger.authType === 'function' ? callerByAcs3(request, deployment).arn : '';
    const refused = principal && refusedInvocation(deployment, { functionName, principal });
    if (refused) throw new FcError('AccessDenied', refused);
    if (trigger.methods.includes(request.method ?? '')) return principal;
    throw new FcError('MethodNotAllowed', 'The trigger has no such method.');
  }

  type Invocation = { body: Buffer; requestId: string; canceled: AbortSignal };
  async function invoke(request: IncomingMessage, { body, requestId, canceled }: Invocation): Promise<Reply> {
    const facts = { ...deployment, body, requestId, functionName, time: deployment.now() };
    const event = Buffer.from(JSON.stringify(httpEvent(request, facts)));
    if (isAsync(request)) return accept(request, { event, requestId });
    if (deployment.isFull(functionName))
      throw new FcError('ResourceThrottled', 'The function has no instance left for this request.');
    const { failure, body: result } = await deployment.invoke(functionName, { requestId, event, canceled });
    if (failure) return FUNCTION_ERROR;
    const response = httpResponse(result);
    if (response) return response;
    throw new FcError('BadResponse', 'The function answered no HTTP response.');
  }

  type Accepted = { event: Buffer; requestId: string };
  async function accept({ headers }: IncomingMessage, { event, requestId }: Accepted): Promise<Reply> {
    const options = asyncOptions(headers);
    if (typeof options === 'string') throw new FcError('InvalidArgument', options);
    const accepted = await deployment.enqueue(functionName, event, { ...options, requestId });
    if (accepted) return { status: 202, headers: {}, body: Buffer.alloc(0) };
    throw new FcError('AsyncTaskAlreadyExists', 'A task of this id already exists.');
  }

  // Node's own refusal, a bare 431, is for what is far beyond the limits.
  return listen((request, response) => handle({ request, response }, handling({ request, response })), {
    maxHeaderSize: 64 * 1024,
    ...(port && { port }),
  });
}

/** The domain that a function gets by default makes browsers save what they get (docs: "HTTP trigger invocations"). */
const ATTACHMENT = { 'content-disposition': 'attachment' };

const FUNCTION_ERROR: Reply = {
  status: 502,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('Internal Server Error'),
};

/** Docs: "HTTP handlers", limits: what is over one is an InvalidArgument, status 400. */
function checkLimits({ url = '', rawHeaders }: IncomingMessage, body: Buffer | undefined): void {
  const why = !body
    ? 'The request body is too large.'
    : Buffer.byteLength(url) > MAX_URL_BYTES
      ? 'The path and query are too long.'
      : Buffer.byteLength(rawHeaders.join('')) > MAX_HEADER_BYTES
        ? 'The request headers are too large.'
        : !isDecodable(url) && 'The path is not URL-encoded.';
  if (why) throw new FcError('InvalidArgument', why);
}
