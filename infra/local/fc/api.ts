import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseFc } from './authentication';
import { isAsync, MAX_ASYNC_BYTES, MAX_SYNC_BYTES, readBody } from './body';
import type { Deployment } from './deployment';
import { hangUp, type Listener, listen } from './listener';
import { newRequestId } from './request-id';

const INVOCATIONS = /^\/2023-03-30\/functions\/([\w$-]+)\/invocations$/;

/** FC's API: InvokeFunction of version 2023-03-30, signed as @alicloud/fc2 signs; nothing else. */
export function startApi(deployment: Deployment, port?: number): Promise<Listener> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newRequestId(deployment.now());
    const call = { requestId, canceled: hangUp(response) };
    const { status, headers, body } = await respond(request, call);
    response.writeHead(status, { 'x-fc-request-id': requestId, ...headers, 'content-length': body.length });
    response.end(body);
  }

  async function respond(request: IncomingMessage, call: Call): Promise<Answer> {
    const body = await readBody(request, isAsync(request) ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES);
    if (!body) return refusal(413, 'EntityTooLarge', 'The payload is too large.');
    const refused = refuseFc(request, deployment);
    if (refused) return refusal(refused.status, refused.code, refused.message);
    if (!md5Fits(request, body))
      return refusal(400, 'InvalidArgument', 'Content-MD5 is not that of the payload.');
    const name = invokedFunction(request);
    if (!name) return refusal(404, 'PathNotSupported', 'The local cloud has InvokeFunction only.');
    if (!deployment.functions.has(name)) {
      return refusal(404, 'FunctionNotFound', `function '${name}' does not exist`);
    }
    return isAsync(request) ? accept(name, body) : invoke(name, { ...call, event: body });
  }

  async function accept(name: string, event: Buffer): Promise<Answer> {
    const { requestId } = await deployment.enqueue(name, event);
    return { status: 202, headers: { 'x-fc-request-id': requestId }, body: Buffer.alloc(0) };
  }

  async function invoke(name: string, call: Call & { event: Buffer }): Promise<Answer> {
    const { body, failure, durationMs, maxMemoryBytes } = await deployment.invoke(name, call);
    const headers = {
      'content-type': failure ? 'application/json' : 'application/octet-stream',
      'x-fc-invocation-duration': String(durationMs),
      'x-fc-max-memory-usage': (maxMemoryBytes / 1024 ** 2).toFixed(2),
      ...(failure && { 'x-fc-error-type': failure.kind }),
    };
    return { status: 200, headers, body };
  }

  return listen(answer, { maxHeaderSize: 64 * 1024, ...(port && { port }) });
}

type Call = { requestId: string; canceled: AbortSignal };
type Answer = { status: number; headers: Record<string, string>; body: Buffer };

function invokedFunction({ method, url = '' }: IncomingMessage): string | undefined {
  return method === 'POST' ? INVOCATIONS.exec(url.split('?')[0] ?? '')?.[1] : undefined;
}

function refusal(status: number, code: string, message: string): Answer {
  const body = Buffer.from(JSON.stringify({ ErrorCode: code, ErrorMessage: message }));
  return { status, headers: { 'content-type': 'application/json' }, body };
}

// @alicloud/fc2 sends base64 of the hex digest, not of the digest.
function md5Fits({ headers }: IncomingMessage, body: Buffer): boolean {
  const given = headers['content-md5'];
  if (given === undefined) return true;
  const digest = createHash('md5').update(body).digest();
  return [digest, Buffer.from(digest.toString('hex'))].some((bytes) => bytes.toString('base64') === given);
}
