import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isAcs3 } from '../gateway/acs3-signature';
import { isDecodable, isMd5, readBody, splitUrl } from '../gateway/body';
import { type Exchange, type Handling, handle, hooked, type Progress } from '../gateway/handle';
import { type Call, shownHeaders } from '../gateway/hooks';
import { hangUp, type Listener, listen } from '../gateway/listener';
import { Refusal } from '../gateway/refusal';
import type { Reply } from '../gateway/reply';
import { bodyLimit } from './api/body';
import { asFc, FcError } from './api/errors';
import { type ApiCall, apiCall } from './api-operations';
import { callerByAcs3, callerByFc } from './authentication';
import { newRequestId } from './instances/request-id';
import { refusedCall } from './invocation/authorize';
import type { Deployment } from './invocation/deployment';

/**
 * FC's API of version 2023-03-30, signed as @alicloud/fc2 signs or as the newer SDKs do (ACS3). What it does not
 * offer it knows by name. It listens before its functions are there, for their variables may name it.
 */
export function startApi(deployed: Promise<Deployment>, port?: number): Promise<Listener> {
  const answer = async ({ request, response }: Exchange) =>
    handle({ request, response }, handling(await deployed, { request, response }));
  return listen((request, response) => answer({ request, response }), {
    maxHeaderSize: 64 * 1024,
    ...(port && { port }),
  });
}

function handling(deployment: Deployment, { request, response }: Exchange): Handling {
  const { hooks } = deployment;
  const requestId = newRequestId(deployment.now());
  const withId = (reply: Reply) => ({
    ...reply,
    headers: { 'x-fc-request-id': requestId, ...reply.headers },
  });

  async function answer(progress: Progress): Promise<Reply> {
    const body = await wholeBody(request);
    if (!isDecodable(request.url ?? '')) throw new FcError('InvalidArgument', 'The path is not URL-encoded.');
    const { arn: principal } = caller(deployment, request, body);
    progress.call = { ...progress.call, principal };
    checkMd5(request, body);
    const { operation, run, functionName = '', name = '' } = knownCall(request);
    const query = new URLSearchParams(splitUrl(request).query);
    const refused = refusedCall(deployment, { operation, functionName, name, query, principal });
    if (refused) throw new FcError('AccessDenied', refused);
    const { headers } = request;
    const asked = { functionName, name, query, headers, body, requestId, canceled: hangUp(response) };
    const reply = await hooked({ hooks, injected: asFc }, progress, async () => run(deployment, asked));
    return withId({ ...reply, code: reply.headers['x-fc-error-type'] });
  }

  function refuse(error: unknown): Reply {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    // The two generations of SDKs look for an error's code in different places.
    const document = isAcs3(request)
      ? { Code: code, Message: message, RequestId: requestId }
      : { ErrorCode: code, ErrorMessage: message };
    const headers = { 'content-type': 'application/json' };
    return withId({ status, headers, body: Buffer.from(JSON.stringify(document)), code });
  }

  return { hooks, call: callOf(request), answer, refuse };
}

/** What a request to Function Compute is, as far as its first line tells. */
function callOf(request: IncomingMessage): Call {
  const { operation, functionName } = namedCall(request) ?? { operation: 'Unknown' };
  return {
    service: 'fc',
    operation,
    ...(functionName !== undefined && { functionName }),
    query: Object.fromEntries(new URLSearchParams(splitUrl(request).query)),
    headers: shownHeaders(request.headers),
    principal: '',
  };
}

async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const limit = bodyLimit(request);
  const body = await readBody(request, limit);
  if (body) return body;
  throw new FcError('EntityTooLarge', `payload size exceeds maximum allowed size (${limit} bytes)`);
}

function caller(deployment: Deployment, request: IncomingMessage, body: Buffer): { arn: string } {
  if (!isAcs3(request)) return callerByFc(request, deployment);
  const payloadHash = createHash('sha256').update(body).digest('hex');
  return callerByAcs3(request, { ...deployment, payloadHash });
}

function checkMd5({ headers }: IncomingMessage, body: Buffer): void {
  const given = headers['content-md5'];
  if (given === undefined || isMd5(String(given), body)) return;
  throw new FcError('InvalidArgument', 'Content-MD5 is not that of the payload.');
}

function namedCall(request: IncomingMessage): ApiCall | undefined {
  return apiCall(request.method ?? '', splitUrl(request).path);
}

function knownCall(request: IncomingMessage): ApiCall & Required<Pick<ApiCall, 'run'>> {
  const { operation, run, ...named } = namedCall(request) ?? {};
  const { path } = splitUrl(request);
  if (!operation)
    throw new FcError('PathNotSupported', `'${request.method}' against '${path}' is not supported`);
  if (run) return { operation, run, ...named };
  throw new FcError('NotImplemented', `The local cloud does not implement ${operation}.`);
}
