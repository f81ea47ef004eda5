import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { vi } from 'vitest';
import { type Oss, startOss } from '../../../../../infra/local/oss/server';
import { type Credentials, createAccessKeys } from '../../../../../infra/local/ram/credentials';
import { newFolder } from '../../new-folder';
import { type LiveTarget, targetOf } from '../target';
import { type Client, createClient } from './client';
import { exchange, type RawAnswer, type RawRequest, sendSigned, type Way } from './raw';
import { checkScratch, removeAll } from './scratch-bucket';

type Service = {
  endpoint: string;
  region: string;
  agent: Agent | undefined;
  credentials: Omit<Credentials, 'arn'>;
  buckets: { plain: string; versioned: string };
  close(): Promise<void>;
};

/** Everything that the suite writes is below it. */
export const prefix = `conformance-${randomBytes(8).toString('hex')}/`;

/** A key of the suite's own. */
export const at = (name: string): string => prefix + name;

const target = targetOf(process.env);
const service = await (target ? liveService(target) : localService());
const { region, credentials, endpoint } = service;

/** The bucket without versions, and the one with. */
export const plain = placeOf(service.buckets.plain);
export const versioned = placeOf(service.buckets.versioned);
await checkScratch(plain, 'unversioned');
await checkScratch(versioned, 'versioned');

/** Removes what the suite wrote. */
export async function close(): Promise<void> {
  await removeAll(plain, prefix);
  await removeAll(versioned, prefix);
  await service.close();
}

/** A client of somebody, or with other options. */
export function clientOf(
  bucket: string,
  options: { credentials?: Partial<Credentials>; region?: string } = {},
) {
  const arn = '';
  return createClient({
    ...{ endpoint, bucket, region: `oss-${options.region ?? region}` },
    ...(service.agent && { agent: service.agent }),
    credentials: { ...credentials, arn, ...options.credentials },
  });
}

function placeOf(bucket: string) {
  const client = clientOf(bucket);
  const way: Way = { client, bucket, endpoint, agent: service.agent };
  return { bucket, client, way, send: (request: RawRequest) => sendSigned(way, request) };
}

/** Opens a URL as a browser would, at the service that is tested. */
export function requestUrl(url: string, request: Partial<RawRequest> = {}): Promise<RawAnswer> {
  const { origin, pathname, search } = new URL(url);
  const { method = 'GET', headers, body } = request;
  return exchange(origin, {
    ...{ method, agent: service.agent, path: pathname + search },
    ...(headers && { headers }),
    ...(body && { body }),
  });
}

async function liveService(live: LiveTarget): Promise<Service> {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });
  const { ossEndpoint, region, credentials, bucket, versionedBucket } = live;
  return {
    ...{ endpoint: ossEndpoint, region, credentials, agent: undefined },
    buckets: { plain: bucket, versioned: versionedBucket },
    close: async () => {},
  };
}

async function localService(): Promise<Service> {
  const common = { accountId: '1234567890123456', region: 'cn-hangzhou', now: Date.now };
  const data = await newFolder();
  const accessKeys = await createAccessKeys({ ...common, data });
  const oss = await startOss({ ...common, data, accessKeys });
  const buckets = { plain: 'scratch', versioned: 'scratch-versioned' };
  const local = { credentials: accessKeys.root, agent: toLoopback(), buckets, region: common.region };
  await makeBuckets(oss, local);
  return { ...local, endpoint: `http://oss-cn-hangzhou.aliyuncs.com:${oss.port}`, close: oss.close };
}

// The names of the real service, all of them this machine's: the client takes the way that it takes there.
function toLoopback(): Agent {
  const lookup = (_name: string, _options: object, found: (error: null, addresses: object[]) => void) =>
    found(null, [{ address: '127.0.0.1', family: 4 }]);
  return new Agent({ keepAlive: true, lookup: Object.assign(lookup) });
}

type Local = Pick<Service, 'credentials' | 'agent' | 'buckets'>;

async function makeBuckets({ port }: Oss, { credentials, agent, buckets }: Local): Promise<void> {
  const client: Client = createClient({
    ...{ endpoint: `http://oss-cn-hangzhou.aliyuncs.com:${port}`, bucket: buckets.plain },
    ...{ credentials: { ...credentials, arn: '' }, ...(agent && { agent }) },
  });
  await client.putBucket(buckets.plain);
  await client.putBucket(buckets.versioned);
  await client.putBucketVersioning(buckets.versioned, 'Enabled');
}
