import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A change that somebody asked for: the path without the version of the API, and the JSON of the body. */
export type Change = { method: string; path: string; body: unknown };

export type ControlPlane = {
  endpoint: string;
  /** What was asked for, in order; reading and the upload of code are left out. */
  changes: Change[];
  close(): Promise<void>;
};

/**
 * As much of Function Compute's control plane as the component fc3 speaks to for a first deployment: nothing is there,
 * everything is accepted and answered as it came. It checks no signature and no schema: what it shows is what is sent.
 */
export async function startControlPlane(): Promise<ControlPlane> {
  const changes: Change[] = [];
  const made = new Map<string, unknown>();
  const server = createServer(async (request, response) => {
    const { status, json } = await answer(request, { changes, made, endpoint });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function close(): Promise<void> {
    server.close();
    server.closeAllConnections();
  }
  return { endpoint, changes, close };
}

type State = { changes: Change[]; made: Map<string, unknown>; endpoint: string };

async function answer(request: IncomingMessage, { changes, made, endpoint }: State) {
  const { method = '', url = '' } = request;
  const path = url.replace(/\?.*$/, '').replace(/^\/20\d\d-\d\d-\d\d/, '');
  // Whoever is answered before all of its body was read takes that for a broken connection.
  const text = (await buffer(request)).toString();
  if (path === '/tempBucketToken') return { status: 200, json: uploadTo(endpoint) };
  if (!path.startsWith('/functions')) return { status: 200, json: {} };
  if (path.endsWith('/vpc-bindings')) return { status: 200, json: { vpcIds: [] } };
  if (method === 'GET') return found(made.get(path));
  const body: unknown = JSON.parse(text || '{}');
  changes.push({ method, path, body });
  const { functionName, triggerName } = Object(body);
  const name = method === 'POST' ? `${path}/${triggerName ?? functionName}` : path;
  made.set(name, body);
  return { status: 200, json: body };
}

function found(made: unknown) {
  const urls = { urlInternet: 'https://decrypt.example.com', urlIntranet: 'https://decrypt.example.net' };
  const { triggerType } = Object(made);
  const json = triggerType === 'http' ? { ...Object(made), httpTrigger: urls } : made;
  if (made !== undefined) return { status: 200, json };
  return { status: 404, json: { Code: 'FunctionNotFound', Message: 'not found', RequestId: 'none' } };
}

function uploadTo(endpoint: string) {
  const credentials = { AccessKeyId: 'id', AccessKeySecret: 'secret', SecurityToken: 'token' };
  return { credentials, ossRegion: 'oss-cn-hangzhou', ossBucket: 'code', objectName: 'code.zip', endpoint };
}
