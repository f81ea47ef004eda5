import { randomBytes } from 'node:crypto';
import Client, { CreateKeyRequest } from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import { vi } from 'vitest';
import { startKms } from '../../../../../infra/local/kms/server';
import { createAccessKeys } from '../../../../../infra/local/ram/credentials';
import { signedQuery } from '../../kms/running-kms';
import { newFolder } from '../../new-folder';
import { type LiveTarget, targetOf } from '../target';

type Credentials = LiveTarget['credentials'];
type Service = { endpoint: string; credentials: Credentials; keyId: string; close(): Promise<void> };

const target = targetOf(process.env);
const service = await (target ? liveService(target) : localService());

/** The key that the suite uses; it makes no other. */
export const { keyId } = service;
/** The real client of the account's own key. */
export const client = clientOf({});

const prefix = `alias/conformance-${randomBytes(8).toString('hex')}`;
/** An alias of the suite's own. */
export const aliasOf = (name: string): string => `${prefix}-${name}`;

/** A client of somebody else. */
export function clientOf(credentials: Partial<Credentials>): Client {
  return createClient(service.endpoint, { ...service.credentials, ...credentials });
}

/** Any action by its parameters, through the client's signature. */
export async function call(
  action: string,
  parameters: Record<string, string>,
): Promise<Record<string, string>> {
  const protocol = protocolOf(service.endpoint);
  const runtime = new RuntimeOptions({});
  return client.doRequest(action, protocol, 'POST', '2016-01-20', 'AK', parameters, null as never, runtime);
}

/** Sends exactly these parameters, after the common ones and a correct signature, signed at `time` (ms). */
export async function send(own: Record<string, string>, time = Date.now()) {
  const signing = { method: 'POST', credentials: { ...service.credentials, arn: '' }, now: () => time };
  const response = await fetch(`${service.endpoint}/?${signedQuery(own, signing)}`, { method: 'POST' });
  const body = (await response.json()) as { Code?: string; Message?: string; HttpStatus?: number };
  return { status: response.status, ...body };
}

/** Removes the aliases that the suite made. */
export async function close(): Promise<void> {
  const { Aliases } = (await call('ListAliasesByKeyId', { KeyId: keyId, PageSize: '100' })) as unknown as {
    Aliases: { Alias: { AliasName: string }[] };
  };
  const own = Aliases.Alias.filter(({ AliasName }) => AliasName.startsWith(prefix));
  for (const { AliasName } of own) await call('DeleteAlias', { AliasName });
  await service.close();
}

function createClient(endpoint: string, credentials: Credentials): Client {
  const { host } = new URL(endpoint);
  return new Client(new Config({ ...credentials, endpoint: host, protocol: protocolOf(endpoint) }));
}

function protocolOf(endpoint: string): string {
  return endpoint.startsWith('https:') ? 'HTTPS' : 'HTTP';
}

async function liveService({ kmsEndpoint, credentials, kmsKeyId }: LiveTarget): Promise<Service> {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 300_000 });
  return { endpoint: kmsEndpoint, credentials, keyId: kmsKeyId, close: async () => {} };
}

async function localService(): Promise<Service> {
  const common = { data: await newFolder(), accountId: '1234567890123456', now: Date.now };
  const accessKeys = await createAccessKeys(common);
  const kms = await startKms({ ...common, accessKeys, region: 'cn-hangzhou' });
  const { accessKeyId, accessKeySecret } = accessKeys.root;
  const credentials = { accessKeyId, accessKeySecret };
  const endpoint = `http://127.0.0.1:${kms.port}`;
  const created = await createClient(endpoint, credentials).createKey(new CreateKeyRequest({}));
  return { endpoint, credentials, keyId: created.keyMetadata.keyId, close: kms.close };
}
