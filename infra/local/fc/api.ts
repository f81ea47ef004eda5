import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InjectedError } from '../gateway/hooks';
import { hangUp, type Listener, listen } from '../gateway/listener';
import { bodyLimit, readBody } from './api/body';
import { FcError } from './api/errors';
import { answerHooked, claimedPrincipal, fcCall, type HookedAnswer } from './api/hooked';
import type { ApiRequest } from './api/operation';
import { type ApiCall, apiCall } from './api-operations';
import { isAcs3, refuseAcs3, refuseFc } from './authentication';
import { isDecodable } from './http-event';
import { newRequestId } from './instances/request-id';
import { refusedCall } from './invocation/authorize';
import type { Deployment } from './invocation/deployment';

/**
 * FC's API of version 2023-03-30, signed as @alicloud/fc2 signs or as the newer SDKs do (ACS3). What it does not
 * offer it knows by name. It listens before its functions are there, for their variables may name it.
 */
export function startApi(deployed: Promise<Deployment>, port?: number): Promise<Listener> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const deployment = await deployed;
    const requestId = newRequestId(deployment.now());
    const { operation, functionName } = callOf(request) ?? { operation: 'Unknown' };
    const named = { operation, ...(functionName !== undefined && { functionName }) };
    const refuse = (error: Required<InjectedError>) =>
      withId(requestId, errorAnswer(error, request, requestId));
    await answerHooked({
      ...{ hooks: deployment.hooks, request, response, refuse },
      call: fcCall(request, { ...named, accessKeys: deployment.accessKeys }),
      respond: async () => {
        const responding = respond(deployment, request, { requestId, canceled: hangUp(response) });
        return withId(requestId, await responding.catch((error: unknown) => refuse(refusal(error))));
      },
    });
  }

  return listen(answer, { maxHeaderSize: 64 * 1024, ...(port && { port }) });
}

type Arrival = Pick<ApiRequest, 'requestId' | 'canceled'>;

async function respond(
  deployment: Deployment,
  request: IncomingMessage,
  arrival: Arrival,
): Promise<HookedAnswer> {
  const body = await wholeBody(request);
  if (!isDecodable(request.url ?? '')) throw new FcError('InvalidArgument', 'The path is not URL-encoded.');
  checkCaller(deployment, request, body);
  checkMd5(request, body);
  const call = knownCall(request);
  const { functionName = '', name = '' } = call;
  const query = new URLSearchParams((request.url ?? '').split(/\?(.*)/s)[1]);
  const asked = { ...arrival, functionName, name, query, headers: request.headers, body };
  checkPermission(deployment, call, asked);
  return call.run(deployment, asked);
}

async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const limit = bodyLimit(request);
  const body = await readBody(request, limit);
  if (body) return body;
  throw new FcError('EntityTooLarge', `payload size exceeds maximum allowed size (${limit} bytes)`);
}

function checkCaller(deployment: Deployment, request: IncomingMessage, body: Buffer): void {
  const payloadHash = createHash('sha256').update(body).digest('hex');
  const refused = isAcs3(request)
    ? refuseAcs3(request, { ...deployment, payloadHash })
    : refuseFc(request, deployment);
  if (refused) throw Object.assign(new Error(refused.message), refused);
}

// @alicloud/fc2 sends base64 of the hex digest, not of the digest.
function checkMd5({ headers }: IncomingMessage, body: Buffer): void {
  const given = headers['content-md5'];
  if (given === undefined) return;
  const digest = createHash('md5').update(body).digest();
  const right = [digest, Buffer.from(digest.toString('hex'))].map((bytes) => bytes.toString('base64'));
  if (right.includes(String(given))) return;
  throw new FcError('InvalidArgument', 'Content-MD5 is not that of the payload.');
}

function callOf({ method = '', url = '' }: IncomingMessage): ApiCall | undefined {
  return apiCall(method, url.split('?')[0] ?? '');
}

function knownCall(request: IncomingMessage): ApiCall & Required<Pick<ApiCall, 'run'>> {
  const { operation, run, ...named } = callOf(request) ?? {};
  const [path] = (request.url ?? '').split('?');
  if (!operation)
    throw new FcError('PathNotSupported', `'${request.method}' against '${path}' is not supported`);
  if (run) return { operation, run, ...named };
  throw new FcError('NotImplemented', `The local cloud does not implement ${operation}.`);
}

function checkPermission(deployment: Deployment, { operation }: ApiCall, asked: ApiRequest): void {
  const { functionName, name, query, headers } = asked;
  const principal = claimedPrincipal(headers.authorization, deployment.accessKeys);
  const refused = refusedCall(deployment, { operation, functionName, name, query, principal });
  if (refused) throw new FcError('AccessDenied', refused);
}

/** What is no error of ours loses the connection. */
function refusal(error: unknown): Required<InjectedError> {
  if (error instanceof Error && 'code' in error && 'status' in error) {
    return { code: String(error.code), status: Number(error.status), message: error.message };
  }
  throw error;
}

// The two generations of SDKs look for an error's code in different places.
function errorAnswer(
  { code, status, message }: Required<InjectedError>,
  request: IncomingMessage,
  requestId: string,
): HookedAnswer {
  const error = isAcs3(request)
    ? { Code: code, Message: message, RequestId: requestId }
    : { ErrorCode: code, ErrorMessage: message };
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(error)),
  };
}

function withId(requestId: string, answer: HookedAnswer): HookedAnswer {
  return { ...answer, headers: { 'x-fc-request-id': requestId, ...answer.headers } };
}
