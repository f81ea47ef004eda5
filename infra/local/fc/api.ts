import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiCall } from './api-operations';
import { isAcs3, refuseAcs3, refuseFc } from './authentication';
import { refusedInvocation } from './authorize';
import { asyncOptions, bodyLimit, isAsync, readBody } from './body';
import type { Deployment } from './deployment';
import { answerHooked, claimedPrincipal, fcCall, type HookedAnswer } from './hooked';
import { hangUp, type Listener, listen } from './listener';
import { logTail } from './log-tail';
import { newRequestId } from './request-id';

/**
 * FC's API of version 2023-03-30: InvokeFunction, signed as @alicloud/fc2 signs or as the newer SDKs do (ACS3). The
 * other operations are known by name and not implemented.
 */
export function startApi(deployment: Deployment, port?: number): Promise<Listener> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newRequestId(deployment.now());
    const [path = ''] = (request.url ?? '').split('?');
    const known = apiCall(request.method ?? '', path) ?? { operation: 'Unknown' };
    const whole = (answered: Answer | Refused): HookedAnswer => {
      const answer = 'code' in answered ? written(answered, request, requestId) : answered;
      return { ...answer, headers: { 'x-fc-request-id': requestId, ...answer.headers } };
    };
    await answerHooked({
      ...{ hooks: deployment.hooks, request, response, refuse: whole },
      call: fcCall(request, { ...known, accessKeys: deployment.accessKeys }),
      respond: async () => whole(await respond(request, { requestId, canceled: hangUp(response) })),
    });
  }

  async function respond(request: IncomingMessage, call: Call): Promise<Answer | Refused> {
    const limit = bodyLimit(request);
    const body = await readBody(request, limit);
    if (!body)
      return refused(400, 'EntityTooLarge', `payload size exceeds maximum allowed size (${limit} bytes)`);
    const refusal = refuseCaller(request, body);
    if (refusal) return refusal;
    if (!md5Fits(request, body)) {
      return refused(400, 'InvalidArgument', 'Content-MD5 is not that of the payload.');
    }
    const name = invokedFunction(request);
    if (typeof name !== 'string') return name;
    const denial = refusedCaller(request, name);
    if (denial) return refused(403, 'AccessDenied', denial);
    if (isAsync(request)) return accept(request, { name, event: body });
    if (deployment.isFull(name)) return refused(429, 'ResourceThrottled', THROTTLED);
    return invoke(request, { ...call, name, event: body });
  }

  function refusedCaller({ headers, url = '' }: IncomingMessage, functionName: string): string | undefined {
    const principal = claimedPrincipal(headers.authorization, deployment.accessKeys);
    const qualifier = new URLSearchParams(url.split(/\?(.*)/s)[1]).get('qualifier');
    return refusedInvocation(deployment, { functionName, principal, ...(qualifier && { qualifier }) });
  }

  function refuseCaller(request: IncomingMessage, body: Buffer): Refused | undefined {
    if (!isAcs3(request)) return refuseFc(request, deployment);
    const payloadHash = createHash('sha256').update(body).digest('hex');
    return refuseAcs3(request, { ...deployment, payloadHash });
  }

  function invokedFunction({ method = '', url = '' }: IncomingMessage): string | Refused {
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const { operation, functionName = '' } = apiCall(method, path) ?? {};
    if (!operation) return refused(400, 'PathNotSupported', `'${method}' against '${path}' is not supported`);
    if (operation !== 'InvokeFunction') {
      return refused(501, 'NotImplemented', `The local cloud does not implement ${operation}.`);
    }
    if (!deployment.functions.has(functionName)) {
      return refused(404, 'FunctionNotFound', `function '${functionName}' does not exist`);
    }
    const qualifier = new URLSearchParams(query).get('qualifier') || 'LATEST';
    if (qualifier === 'LATEST') return functionName;
    return refused(404, 'AliasNotFound', `alias '${qualifier}' of function '${functionName}' does not exist`);
  }

  async function accept({ headers }: IncomingMessage, { name, event }: Event): Promise<Answer | Refused> {
    const options = asyncOptions(headers);
    if (typeof options === 'string') return refused(400, 'InvalidArgument', options);
    const accepted = await deployment.enqueue(name, event, options);
    if (!accepted) return refused(409, 'AsyncTaskAlreadyExists', `task '${options.taskId}' already exists`);
    return { status: 202, headers: { 'x-fc-request-id': accepted.requestId }, body: Buffer.alloc(0) };
  }

  async function invoke(request: IncomingMessage, { name, ...call }: Call & Event): Promise<Answer> {
    const invocation = await deployment.invoke(name, call);
    const { body, failure, durationMs, maxMemoryBytes } = invocation;
    const headers = {
      'content-type': failure ? 'application/json' : 'application/octet-stream',
      'x-fc-invocation-duration': String(durationMs),
      'x-fc-max-memory-usage': (maxMemoryBytes / 1024 ** 2).toFixed(2),
      ...(failure && { 'x-fc-error-type': failure.kind }),
      ...(request.headers['x-fc-log-type'] === 'Tail' && { 'x-fc-log-result': logTail(invocation) }),
    };
    return { status: 200, headers, body };
  }

  return listen(answer, { maxHeaderSize: 64 * 1024, ...(port && { port }) });
}

type Call = { requestId: string; canceled: AbortSignal };
type Event = { name: string; event: Buffer };
type Answer = { status: number; headers: Record<string, string>; body: Buffer };
type Refused = { status: number; code: string; message: string };

const THROTTLED = 'The function has no instance left for this request.';

function refused(status: number, code: string, message: string): Refused {
  return { status, code, message };
}

// The two generations of SDKs look for an error's code in different places.
function written({ status, code, message }: Refused, request: IncomingMessage, requestId: string): Answer {
  const error = isAcs3(request)
    ? { Code: code, Message: message, RequestId: requestId }
    : { ErrorCode: code, ErrorMessage: message };
  const body = Buffer.from(JSON.stringify(error));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

// @alicloud/fc2 sends base64 of the hex digest, not of the digest.
function md5Fits({ headers }: IncomingMessage, body: Buffer): boolean {
  const given = headers['content-md5'];
  if (given === undefined) return true;
  const digest = createHash('md5').update(body).digest();
  return [digest, Buffer.from(digest.toString('hex'))].some((bytes) => bytes.toString('base64') === given);
}
