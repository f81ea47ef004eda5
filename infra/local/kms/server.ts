import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Call, Hooks } from '../hooks';
import type { AccessKeys } from '../ram/credentials';
import type { Answer, KeyService } from './action';
import { findAction } from './actions';
import { openAliases } from './aliases';
import { authentication } from './authentication';
import { KmsError } from './errors';
import { openKeys } from './keys';
import { readParameters } from './parameters';

export type KmsOptions = {
  /** The cloud's data folder; keys are kept in `<data>/kms`. */
  data: string;
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
  port?: number;
  hooks?: Hooks;
};

export type Kms = { port: number; endpoint: string; close(): Promise<void> };

const COMMON = new Set([
  'AccessKeyId',
  'Action',
  'Format',
  'RegionId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
]);

/** Starts KMS (API version 2016-01-20, RPC style) on 127.0.0.1. Rejects with EADDRINUSE for a port in use. */
export async function startKms(options: KmsOptions): Promise<Kms> {
  const respond = responder(options, await openKeyService(options));
  // A context of 8192 characters travels in the URL, percent-encoded.
  const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 65_000 }, respond);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, endpoint: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function openKeyService({ data, accountId, region, now }: KmsOptions): Promise<KeyService> {
  const keys = await openKeys(join(data, 'kms', 'keys'));
  const aliases = await openAliases(join(data, 'kms', 'aliases.json'));
  return { keys, aliases, accountId, region, now };
}

function responder({ hooks = {}, ...options }: KmsOptions, kms: KeyService) {
  const authenticate = authentication(options);

  async function perform(request: IncomingMessage): Promise<Answer> {
    const parameters = await readParameters(request);
    const { arn: principal } = authenticate({ method: request.method ?? '', parameters });
    const operation = parameters.get('Action');
    if (!operation) throw new KmsError('MissingParameter', { parameter: 'Action' });
    const action = findAction(operation);
    const own = new Map([...parameters].filter(([name]) => !COMMON.has(name)));
    const call: Call = {
      service: 'kms',
      operation,
      query: Object.fromEntries(own),
      headers: headersOf(request),
      principal,
    };
    await hooks.before?.(call);
    const answer = await action(kms, own).catch(internalFailure);
    await lostOnError(() => hooks.after?.(call));
    return answer;
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const RequestId = randomUUID().toUpperCase();
    try {
      send(response, 200, { ...(await perform(request)), RequestId });
    } catch (error) {
      if (!(error instanceof KmsError)) return void request.socket.destroy();
      const { status, code: Code, message: Message } = error;
      send(response, status, {
        HttpStatus: status,
        Code,
        Message,
        RequestId,
        HostId: `kms.${kms.region}.aliyuncs.com`,
      });
    }
  };
}

function send(response: ServerResponse, status: number, answer: Answer): void {
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

function internalFailure(error: unknown): never {
  if (error instanceof KmsError) throw error;
  throw new KmsError('InternalFailure', { why: String(error) });
}

async function lostOnError(after: () => void | Promise<void>): Promise<void> {
  try {
    await after();
  } catch (error) {
    throw new Error('the answer is lost', { cause: error });
  }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const named = Object.entries(headers).filter(([name]) => !/^authorization$|security-token/.test(name));
  return Object.fromEntries(named.map(([name, value]) => [name, String(value)]));
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
