import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BACKLOG } from '../gateway/listener';
import { errorAnswer } from './respond';
import { OssError } from './wire/errors';
import { newRequestId } from './wire/request';

/** What came in on a listener, and what goes out; `boundTo` is the bucket of a custom domain's listener. */
type Incoming = { message: IncomingMessage; response: ServerResponse; boundTo: string | undefined };

/** Handles one request; must not reject. */
export type Handler = (incoming: Incoming) => Promise<void>;

export type Listeners = {
  /** Listens on 127.0.0.1, and nowhere else; returns the port. */
  listen(port: number, boundTo?: string): Promise<number>;
  /** Closes listeners and connections, and waits for what was being handled. */
  close(): Promise<void>;
};

/** How long a connection may be silent, when the server is not at work for it (ms). */
const silenceLimit = 120_000;

// 8 KB of metadata and a long security token need more than Node's 16 KB; an upload may take its time.
const settings = {
  maxHeaderSize: 64 * 1024,
  requestTimeout: 0,
  headersTimeout: 60_000,
  keepAliveTimeout: 65_000,
  requireHostHeader: false,
};

/** HTTP listeners that answer what is no request with an error document, and give up on silent connections. */
export function createListeners(handler: Handler, silence = silenceLimit): Listeners {
  const servers: Server[] = [];
  const running = new Set<Promise<void>>();
  const current = new WeakMap<Duplex, ServerResponse>();

  async function listen(port: number, boundTo?: string): Promise<number> {
    const server = createServer(settings, (message, response) => {
      current.set(message.socket, response);
      const handled = handler({ message, response, boundTo });
      running.add(handled);
      handled.finally(() => running.delete(handled));
    });
    // Node would drop those beyond 2000, signed or not.
    server.maxHeadersCount = 0;
    server.timeout = silence;
    server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      refuse(socket, current.get(socket), errorOf(error)),
    );
    server.on('timeout', (socket) => giveUp(socket, current.get(socket)));
    server.on('checkExpectation', (_message, response) =>
      refuse(response.req.socket, undefined, new OssError('ExpectationFailed')),
    );
    server.on('connect', (_message, socket) => refuse(socket, undefined, new OssError('MethodNotAllowed')));
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG });
    await once(server, 'listening');
    servers.push(server);
    return portOf(server);
  }

  async function close(): Promise<void> {
    for (const server of servers) server.close();
    for (const server of servers) server.closeAllConnections();
    await Promise.all(running);
  }

  return { listen, close };
}

function errorOf({ code }: NodeJS.ErrnoException): OssError {
  if (code === 'HPE_HEADER_OVERFLOW') return new OssError('RequestHeaderTooLarge');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new OssError('RequestTimeout');
  return new OssError('BadRequest');
}

// An answer that has begun cannot become another one; one that is due before must come before.
function refuse(socket: Duplex, response: ServerResponse | undefined, error: OssError): void {
  const underWay = response !== undefined && !response.writableFinished;
  if (underWay && response.req.complete) response.once('close', () => end(socket, error));
  else if (underWay && response.headersSent) socket.destroy();
  else end(socket, error);
}

const lingering = 2_000;

function end(socket: Duplex, error: OssError): void {
  if (!socket.writable) return;
  const requestId = newRequestId();
  const { status, headers, xml = '' } = errorAnswer(error, { requestId, hostId: '', head: false });
  const lines = [
    `HTTP/1.1 ${status} ${error.code}`,
    'Server: AliyunOSS',
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(xml)}`,
    `x-oss-request-id: ${requestId}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'Connection: close',
  ];
  socket.on('error', () => {});
  socket.end(`${lines.join('\r\n')}\r\n\r\n${xml}`);
  // Closing at once would reset the connection while the client still sends, and lose it the answer.
  setTimeout(() => socket.destroy(), lingering).unref();
}

// Silent is a client whose body is not complete, or who does not take its answer.
function giveUp(socket: Duplex, response: ServerResponse | undefined): void {
  const answered = response?.headersSent ?? false;
  if (response?.req.complete && !answered) return;
  if (response && !answered) end(socket, new OssError('RequestTimeout'));
  else socket.destroy();
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('Cannot tell the port: the server does not listen');
}
