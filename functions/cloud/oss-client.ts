import http from 'node:http';
import https from 'node:https';
import OSS from 'ali-oss';
import type { Identity } from '../context';

export type OssClient = OSS;

export type Place = {
  /** URL without a path. */
  endpoint: string;
  bucket: string;
  /**
   * `virtual-host`: the bucket's name goes before the endpoint's; `own-domain`: the endpoint belongs to the bucket;
   * `path`: the bucket's name goes into the path, which OSS itself refuses and the local cloud accepts.
   */
  addressing?: 'virtual-host' | 'own-domain' | 'path';
};

/** The one state that outlives an invocation: sockets that are kept open. */
const agent = roomy(new http.Agent({ keepAlive: true }));
const httpsAgent = roomy(new https.Agent({ keepAlive: true }));

type AddRequest = (request: http.ClientRequest & { maxHeaderSize?: number }, ...rest: unknown[]) => void;

/** Of an answer's headers Node reads 16 KiB, and ali-oss cannot say otherwise: those of an object may be more. */
function roomy<A extends http.Agent>(agent: A): A {
  const { addRequest } = agent as unknown as { addRequest: AddRequest };
  const add: AddRequest = (request, ...rest) => {
    request.maxHeaderSize = 65_536;
    addRequest.call(agent, request, ...rest);
  };
  return Object.assign(agent, { addRequest: add });
}

/** Breaks off every call that is under way, so that none takes effect after its run has given up. */
export function hangUp(): void {
  agent.destroy();
  httpsAgent.destroy();
}

/** A client of one bucket, with the invocation's credentials; cheap enough to be made for each. */
export function ossClient(
  { credentials, region }: Identity,
  { endpoint, bucket, addressing = 'virtual-host' }: Place,
): OssClient {
  const client = new OSS({
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    ...(credentials.securityToken && { stsToken: credentials.securityToken }),
    // Without it the SDK prints advice about refreshing tokens, once for every client.
    refreshSTSTokenInterval: 1,
    region: `oss-${region}`,
    endpoint,
    bucket,
    cname: addressing === 'own-domain',
    sldEnable: addressing === 'path',
    authorizationV4: true,
    agent,
    httpsAgent,
    // UTF-8 in header values; the default refuses anything beyond latin1.
    headerEncoding: 'latin1',
  });
  // It tells a status and a message of its own, and not what the system or TLS called it.
  const told = client.requestError;
  client.requestError = async (cause) => Object.assign(await told.call(client, cause), { cause });
  return client;
}
