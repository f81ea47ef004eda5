import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call, Hooks } from '../gateway/hooks';
import { checkAccess, type Guard } from './access';
import { type AuthenticationOptions, authenticate } from './authentication';
import { hooked, unknownCall } from './hooked';
import { findOperation } from './operations';
import type { Mailbox, Reply } from './queues/operation';
import { xmlDocument } from './queues/xml';
import { checkMd5, hangUp, plainHeaders, readBody, split } from './request';
import { done, refusal, toldOf } from './told';

export type ResponderOptions = AuthenticationOptions & Guard & { hooks?: Hooks };

const VERSION = '2015-06-06';

/** Returns what answers a request. It rejects where the connection is to be lost. */
export function responder(options: ResponderOptions, mailbox: Mailbox) {
  const { hooks = {} } = options;

  /** `call` is told what the request turns out to be. */
  async function perform(request: IncomingMessage, response: ServerResponse, call: Call): Promise<Reply> {
    const { method = '', url = '', headers } = request;
    const body = await readBody(request);
    const { arn: principal } = authenticate({ method, resource: url, headers }, options);
    checkMd5(headers, body);
    const { path, query } = split(url);
    const { name, operation, queue, path: resource } = findOperation({ method, path, query, body });
    Object.assign(call, { operation: name, principal, ...(queue && { queue }) });
    checkAccess(options, { principal, operation: name, path: resource });
    const asked = { queue, query, headers: plainHeaders(headers), body, canceled: hangUp(response) };
    return hooked(hooks, call, async () => operation(asked, mailbox));
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = performance.now();
    const call = unknownCall(request.headers, Object.fromEntries(split(request.url ?? '').query));
    const requestId = randomBytes(12).toString('hex').toUpperCase();
    try {
      const reply = await perform(request, response, call);
      done(hooks, call, { status: reply.status, began });
      write(response, reply, requestId);
    } catch (error) {
      const { status, code } = toldOf(error);
      done(hooks, call, { status, ...(code !== undefined && { code }), began });
      write(response, errorReply(error, { requestId, hostId: mailbox.endpoint() }), requestId);
    }
  };
}

function errorReply(error: unknown, { requestId, hostId }: { requestId: string; hostId: string }): Reply {
  const { status, code, message } = refusal(error);
  return {
    status,
    document: ['Error', { Code: code, Message: message, RequestId: requestId, HostId: hostId }],
  };
}

function write(response: ServerResponse, { status, document, location }: Reply, requestId: string): void {
  const body = document ? Buffer.from(xmlDocument(...document)) : Buffer.alloc(0);
  response.writeHead(status, {
    'x-mns-request-id': requestId,
    'x-mns-version': VERSION,
    ...(location !== undefined && { location }),
    ...(document && { 'content-type': 'text/xml;charset=utf-8' }),
    ...(status !== 204 && { 'content-length': body.length }),
  });
  response.end(body);
}
