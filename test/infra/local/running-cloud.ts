import Kms, { CreateKeyRequest } from '@alicloud/kms20160120';
import { Config } from '@alicloud/rpc-client';
import { afterAll } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../../../infra/local/cloud';
import type { Credentials } from '../../../infra/local/ram/credentials';
import { signedQuery } from './kms/running-kms';
import { newFolder } from './new-folder';
import { createClient } from './oss/client';

const running: Cloud[] = [];
afterAll(async () => {
  for (const cloud of running.splice(0)) await cloud.close();
});

/** A whole cloud with a bucket `inbox`, closed when the test file has ended. */
export async function runCloud(options: Partial<CloudOptions> = {}) {
  const data = options.data ?? (await newFolder());
  const cloud = await startCloud({ runtime: '', retryDelayMs: 0, ...options, data });
  running.push(cloud);
  const client = ossOf(cloud);
  await client.putBucket('inbox');
  cloud.journal.clear();
  return { ...cloud, data, client };
}

export function ossOf({ oss, root, region }: Cloud, credentials: Credentials = root, bucket = 'inbox') {
  return createClient({ endpoint: oss.endpoint, bucket, credentials, region: `oss-${region}` });
}

/** CreateKey by the real client. */
export async function createKey({ kms, root, region }: Cloud, credentials: Credentials = root) {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const config = { accessKeyId, accessKeySecret, ...(securityToken && { securityToken }) };
  const endpoint = new URL(kms.endpoint).host;
  const client = new Kms(new Config({ ...config, endpoint, protocol: 'HTTP', regionId: region }));
  return (await client.createKey(new CreateKeyRequest({}))).keyMetadata;
}

/** One request to KMS, signed by the account. */
export async function kmsCall({ kms, root: credentials }: Cloud, own: Record<string, string>) {
  const query = signedQuery(own, { method: 'POST', credentials, now: Date.now });
  const response = await fetch(`${kms.endpoint}/?${query}`, { method: 'POST' });
  return (await response.json()) as Record<string, unknown>;
}
