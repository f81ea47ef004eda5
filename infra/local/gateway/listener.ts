import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Listener = { port: number; url: string; close(): Promise<void> };
export type Answerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
export type ListenerOptions = ServerOptions & {
  port?: number | undefined;
  /** Answers what Node takes for no request. */
  unreadable?: (error: NodeJS.ErrnoException, socket: Socket) => void;
};

/** As many connections may be waiting as the system allows. */
export const BACKLOG = 65_535;

/**
 * An HTTP server on 127.0.0.1. An answerer that throws loses its connection; who takes more than a minute for the headers of
 * a request, or five for all of it, is given up, as Node does it. Rejects with EADDRINUSE.
 */
export async function listen(
  answer: Answerer,
  { port = 0, unreadable, ...options }: ListenerOptions = {},
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 65_000, ...options }, (request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  if (unreadable) server.on('clientError', unreadable);
  server.listen({ port, host: '127.0.0.1', backlog: BACKLOG });
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return { port: bound, url: `http://127.0.0.1:${bound}`, close };
}

/** Aborted when the caller hangs up before the answer is written. */
export function hangUp(response: ServerResponse): AbortSignal {
  const canceled = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) canceled.abort();
  });
  return canceled.signal;
}
