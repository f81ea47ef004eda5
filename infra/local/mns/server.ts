import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Call, Hooks } from '../hooks';
import type { Authorize } from '../ram/authorize';
import type { AccessKeys } from '../ram/credentials';
import { authenticate } from './authentication';
import { MnsError } from './errors';
import { hooked, isLost, unknownCall } from './hooked';
import type { Reply } from './operation';
import { findOperation } from './operations';
import type { Message } from './queue';
import { openQueues } from './queues';
import { checkedBody } from './read-message';
import { checkMd5, hangUp, plainHeaders, readBody, split } from './request';
import { xmlDocument } from './xml';

export type MnsOptions = {
  /** The cloud's data folder; queues are kept in `<data>/mns`. */
  data: string;
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
  port?: number;
  authorize?: Authorize;
  hooks?: Hooks;
  /** What this cloud's clock showed at a time that a client read on its own. */
  clientTime?: (time: number) => number;
};

export type Mns = {
  port: number;
  endpoint: string;
  /** Makes the queue where there is none. */
  createQueue(name: string): Promise<void>;
  /** SendMessage from within the cloud, by a role or, where there is none, by a service. Rejects with MnsError. */
  send(message: { queue: string; body: string; principal?: string }): Promise<Message>;
  /** What is in a queue and not hidden, the first first; left as it is. Throws QueueNotExist. */
  peek(queue: string): Message[];
  close(): Promise<void>;
};

const VERSION = '2015-06-06';

/** Starts MNS (Simple Message Queue, API version 2015-06-06), queues only, on 127.0.0.1. Rejects with EADDRINUSE. */
export async function startMns(options: MnsOptions): Promise<Mns> {
  const { accountId, region, authorize, now, hooks = {} } = options;
  const queues = await openQueues(join(options.data, 'mns'), now);
  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  let endpoint = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomBytes(12).toString('hex').toUpperCase();
    const began = performance.now();
    const call = unknownCall(request.headers, Object.fromEntries(split(request.url ?? '').query));
    const told = (status: number, code?: string) => done(call, began, { status, code });
    try {
      const reply = await perform(request, response, call);
      told(reply.status);
      write(response, reply, requestId);
    } catch (error) {
      if (isLost(error)) told(0);
      const { status, code, message } = refusal(error);
      told(status, code);
      const document = [
        'Error',
        { Code: code, Message: message, RequestId: requestId, HostId: endpoint },
      ] as const;
      write(response, { status, document: [...document] }, requestId);
    }
  }

  /** `call` is told what the request turns out to be. */
  async function perform(request: IncomingMessage, response: ServerResponse, call: Call): Promise<Reply> {
    const { method = '', url = '', headers } = request;
    const body = await readBody(request);
    const { arn } = authenticate({ method, resource: url, headers }, options);
    checkMd5(headers, body);
    const { path, query } = split(url);
    const { name, operation, queue, path: resource } = findOperation({ method, path, query, body });
    Object.assign(call, { operation: name, principal: arn, ...(queue && { queue }) });
    check(arn, name, resource);
    const asked = { queue, query, headers: plainHeaders(headers), body, canceled: hangUp(response) };
    return hooked(hooks, call, async () => operation(asked, { queues, endpoint: () => endpoint }));
  }

  function done(
    call: Call,
    began: number,
    { status, code }: { status: number; code: string | undefined },
  ): void {
    const ms = Math.round(performance.now() - began);
    hooks.done?.(call, { status, ...(code !== undefined && { code }), ms });
  }

  function check(principal: string, operation: string, path: string): void {
    const resource = `acs:mns:${region}:${accountId}:${path}`;
    const request = { principal, action: `mns:${operation}`, resource, conditions: {} };
    if (authorize && authorize(request) !== 'allowed') throw new MnsError('AccessDenied');
  }

  async function createQueue(name: string): Promise<void> {
    if (!queues.find(name)) await queues.create(name, {});
  }

  async function send({ queue, body, principal }: Parameters<Mns['send']>[0]): Promise<Message> {
    const call: Call = {
      ...unknownCall({}, {}),
      operation: 'SendMessage',
      queue,
      principal: principal ?? '',
    };
    const began = performance.now();
    const sending = hooked(hooks, call, async () => {
      if (principal !== undefined) check(principal, 'SendMessage', `/queues/${queue}/messages`);
      const open = queues.get(queue);
      return open.send({ body: checkedBody(body, open) });
    });
    const { status, code } = await sending.then(() => ({ status: 201, code: undefined }), outcomeOf);
    done(call, began, { status, code });
    return sending;
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
  const peek = (name: string) => queues.get(name).peek(Number.POSITIVE_INFINITY);
  return { port, endpoint, createQueue, send, peek, close };
}

/** What is no MnsError was not foreseen; a lost connection has no answer and is thrown on. */
function refusal(error: unknown): MnsError {
  if (isLost(error)) throw error;
  return error instanceof MnsError ? error : new MnsError('InternalError');
}

function outcomeOf(error: unknown): { status: number; code: string | undefined } {
  return isLost(error) ? { status: 0, code: undefined } : refusal(error);
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
