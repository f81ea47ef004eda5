import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a bad network does: may change the body on its way in, and the headers of the answer. */
export type Tamper = {
  body?: ((incoming: IncomingMessage) => Readable) | undefined;
  answer?: ((headers: IncomingHttpHeaders, incoming: IncomingMessage) => IncomingHttpHeaders) | undefined;
};

/** A wire between the functions and a port of this machine. `tamper` may be changed at any time. */
export async function startWire(port: number): Promise<{ port: number; tamper: Tamper; close: () => void }> {
  const wire = { tamper: {} as Tamper };
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing, port, wire.tamper));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return Object.assign(wire, { port: (server.address() as AddressInfo).port, close });
}

/** Passes a request on to a port of this machine, and its answer back. */
export async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  tamper: Tamper = {},
): Promise<void> {
  const { method, url: path, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, async (answer) => {
    const changed = tamper.answer?.(answer.headers, incoming) ?? answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, changed);
    await pipeline(answer, outgoing).catch(() => outgoing.destroy());
  });
  onward.on('error', () => outgoing.destroy());
  await pipeline(tamper.body?.(incoming) ?? incoming, onward).catch(() => outgoing.destroy());
}
