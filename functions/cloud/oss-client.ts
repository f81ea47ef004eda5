import http from 'node:http';
import https from 'node:https';
import OSS from 'ali-oss';
import type { Identity } from '../context';
import { hangUpProxied, proxyAgent, proxyFault, roomy } from './agents';

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

/** Breaks off every call that is under way, so that none takes effect after its run has given up. */
export function hangUp(): void {
  agent.destroy();
  httpsAgent.destroy();
  hangUpProxied();
}

/** A client of one bucket, with the invocation's credentials; cheap enough to be made for each. */
export function ossClient(
  { credentials, region }: Identity,
  { endpoint, bucket, addressing = 'virtual-host' }: Place,
): OssClient {
  const { protocol, host } = new URL(endpoint);
  const proxied = proxyAgent(addressing === 'virtual-host' ? `${protocol}//${bucket}.${host}` : endpoint);
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
    agent: proxied ?? agent,
    httpsAgent: proxied ?? httpsAgent,
    // UTF-8 in header values; the default refuses anything beyond latin1.
    headerEncoding: 'latin1',
  });
  const { requestError } = client;
  // It tells a status and a message of its own, and not what the system or TLS called it.
  client.requestError = async (error) =>
    proxyFault(error) ?? Object.assign(await requestError.call(client, error), { cause: error });
  return client;
}
