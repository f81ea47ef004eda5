import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Hooks } from '../hooks';
import type { AccessKeys } from '../ram/credentials';
import type { OssEvent } from './event';
import { handle, type Service } from './handle';
import { openStore } from './store';

export type OssOptions = {
  /** A folder of its own; bucket b lives in `<data>/<b>` and nowhere else. */
  data: string;
  accessKeys: AccessKeys;
  accountId: string;
  /** Without `oss-`, for example cn-hangzhou. */
  region: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Any free one unless given. */
  port?: number;
  hooks?: Hooks;
  /** Awaited before the answer is sent: what it made durable was so before the client heard of its success. */
  onEvent?: (event: OssEvent) => void | Promise<void>;
};

export type Oss = {
  port: number;
  /** `http://localhost:<port>` */
  endpoint: string;
  /**
   * A custom domain (CNAME) of one bucket: a listener of its own, whose every path is a key of that bucket.
   * Returns `http://127.0.0.1:<port>`.
   */
  bindDomain(bucket: string, port?: number): Promise<string>;
  /** Closes listeners and connections, and waits for what was being applied. */
  close(): Promise<void>;
};

/** Starts the Object Storage Service on 127.0.0.1. */
export async function startOss(options: OssOptions): Promise<Oss> {
  const { accessKeys, accountId, region, now, hooks = {}, onEvent = () => {} } = options;
  const store = await openStore(options.data);
  const service: Service = {
    ...{ store, accessKeys, accountId, region, now, hooks, onEvent },
    host: () => `localhost:${port}`,
  };
  const listeners = openListeners(service);
  const port = await listeners.listen(options.port ?? 0);

  async function bindDomain(bucket: string, domainPort = 0): Promise<string> {
    return `http://127.0.0.1:${await listeners.listen(domainPort, bucket)}`;
  }

  return { port, endpoint: `http://localhost:${port}`, bindDomain, close: listeners.close };
}

function openListeners(service: Service) {
  const servers: Server[] = [];
  const running = new Set<Promise<void>>();

  async function listen(port: number, boundTo?: string): Promise<number> {
    const server = createServer(settings, (message, response) => {
      const exchange = handle(service, { message, response, boundTo });
      running.add(exchange);
      exchange.finally(() => running.delete(exchange));
    });
    server.listen(port, '127.0.0.1');
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

// 8 KB of metadata and a long security token need more than Node's 16 KB; an upload may take its time.
const settings = { maxHeaderSize: 64 * 1024, requestTimeout: 0, keepAliveTimeout: 65_000 };

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('Cannot tell the port: the server does not listen');
}
