import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import timers from 'node:timers/promises';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import httpx from 'httpx';
import { Fault, type FaultCode } from '../fault';

/** This machine, and what an instance of ECS is told of itself: nobody else knows them by these names. */
const NEAR = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\]|100\.100\.100\.200)$/;
/** So long a proxy may take to connect. */
const CONNECT_MS = 10_000;

/**
 * The proxy that HTTPS_PROXY (or HTTP_PROXY) and NO_PROXY name for a URL, with its user and password; undefined: none. Lower-case
 * names are stronger, and a name in NO_PROXY holds for all below it, as for curl. Throws `config-invalid`.
 */
export function proxyOf(url: string): URL | undefined {
  const target = new URL(url);
  const name = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const given = variable(name);
  if (given === '' || NEAR.test(target.hostname) || isExcepted(target)) return undefined;
  const text = given.includes('://') ? given : `http://${given}`;
  if (isProxy(text)) return new URL(text);
  throw new Fault('config-invalid', `Cannot use ${name}: it must be http[s]://[user:password@]host:port`);
}

function variable(name: string): string {
  return process.env[name.toLowerCase()] || process.env[name] || '';
}

function isExcepted({ hostname, port, protocol }: URL): boolean {
  const own = port || (protocol === 'https:' ? '443' : '80');
  return variable('NO_PROXY')
    .toLowerCase()
    .split(/[\s,]+/)
    .some((one) => {
      const [, name = '', only = own] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(one) ?? [];
      const isNamed = hostname === name || (name !== '' && hostname.endsWith(`.${name}`));
      return one === '*' || (isNamed && only === own);
    });
}

function isProxy(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return /^https?:$/.test(protocol);
  } catch {
    return false;
  }
}

type AddRequest = (request: http.ClientRequest & { maxHeaderSize?: number }, ...rest: unknown[]) => void;

/** Of an answer, in bytes. Node's own limit is 16 KiB: those of an object may be more. */
const HEADERS_MAX = 65_536;

/** For ali-oss, which cannot say how much it reads of an answer's headers. */
export function roomy<A extends http.Agent>(agent: A): A {
  const { addRequest } = agent as unknown as { addRequest: AddRequest };
  const add: AddRequest = (request, ...rest) => {
    request.maxHeaderSize = HEADERS_MAX;
    addRequest.call(agent, request, ...rest);
  };
  return Object.assign(agent, { addRequest: add });
}

const agents = new Map<string, http.Agent>();

/** Keeps the sockets to what a URL names through its proxy; undefined: there is none. Throws as `proxyOf`. */
export function proxyAgent(url: string): http.Agent | undefined {
  const proxy = proxyOf(url);
  if (!proxy) return undefined;
  const { protocol } = new URL(url);
  const name = `${protocol} ${proxy.href}`;
  const agent = agents.get(name) ?? roomy(agentThrough(proxy, protocol === 'https:'));
  agents.set(name, agent);
  return agent;
}

/** Breaks off every call that is under way through a proxy. */
export function hangUpProxied(): void {
  for (const agent of agents.values()) agent.destroy();
}

function agentThrough(proxy: URL, isSecure: boolean): http.Agent {
  const Agent = (isSecure ? HttpsProxyAgent : HttpProxyAgent) as typeof HttpsProxyAgent;
  const agent = new Agent(proxy.href, { keepAlive: true });
  const connect: typeof agent.connect = agent.connect.bind(agent);
  return Object.assign(agent, {
    // It would look for it in the stack.
    isSecureEndpoint: () => isSecure,
    async connect(...[request, options]: Parameters<typeof connect>) {
      const on = `${options.host} through ${proxy.origin}`;
      let status = 200;
      request.once('proxyConnect', ({ statusCode = 200 }) => {
        status = statusCode;
      });
      const tooLate = timers.setTimeout(CONNECT_MS, undefined, { ref: false }).then(() => {
        throw Object.assign(new Error('silence'), { code: 'ETIMEDOUT' });
      });
      const socket = await Promise.race([connect(request, options), tooLate]).catch(({ code, name }) => {
        throw carrying('proxy-unavailable', `does not answer (${code ?? name})`, on);
      });
      if (status === 200) return socket;
      if (status < 500) throw carrying('proxy-refused', `refuses (${status})`, on);
      throw carrying('proxy-unavailable', `does not reach it (${status})`, on);
    },
  });
}

/** Clients write the URL, which may be signed, into the errors that they pass on. */
function carrying(code: FaultCode, why: string, on: string): Error {
  return new Error('the proxy', { cause: new Fault(code, `Cannot reach the service: the proxy ${why}`, on) });
}

/** What an error that came through a client carries. */
export function proxyFault(error: unknown): Fault | undefined {
  const { cause } = (error ?? {}) as Error;
  return cause instanceof Fault ? cause : undefined;
}

/** For `catch`: lets out what an error carries. */
function uncover(error: unknown): never {
  throw proxyFault(error) ?? error;
}

const { request } = httpx;
// By it the SDKs of KMS and Function Compute, that of STS and the one that finds credentials make their calls.
Object.assign(httpx, {
  request: async (...[url, options]: Parameters<typeof request>) => {
    const agent = proxyAgent(url);
    return request(url, { ...options, ...(agent && { agent }) }).catch(uncover);
  },
});

/** `timeout`: of silence, in ms. */
export type Sent = Pick<https.RequestOptions, 'method' | 'headers' | 'timeout' | 'signal'> & {
  body?: string;
};

/**
 * One call without an SDK: the answer once its headers are there, its content as it is. Without fetch, which knows no proxy and
 * decodes a Content-Encoding. Throws `proxy-refused`, `proxy-unavailable`, and errors of the network.
 */
export async function send(url: string, { body, ...options }: Sent): Promise<IncomingMessage> {
  const { request } = url.startsWith('https:') ? https : http;
  const agent = proxyAgent(url);
  const outgoing = request(url, { ...options, maxHeaderSize: HEADERS_MAX, ...(agent && { agent }) });
  // What happens after the answer has begun, its reader hears.
  outgoing.on('error', () => {});
  outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response').catch(uncover)) as [IncomingMessage];
  return response;
}
