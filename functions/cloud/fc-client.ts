import FC from '@alicloud/fc2';
import type { Context } from '../context';
import './agents';

export type FcClient = FC;

const TIMEOUT_MS = 10_000;

/** A client of the API of Function Compute 3.0, which this SDK signs for as for 2.0. `endpoint` is a URL without a path. */
export function fcClient(
  { accountId, region, credentials }: Pick<Context, 'accountId' | 'region' | 'credentials'>,
  endpoint: string,
): FcClient {
  const { accessKeyId: accessKeyID, accessKeySecret, securityToken } = credentials;
  const client = new FC(accountId, {
    accessKeyID,
    accessKeySecret,
    securityToken,
    region,
    endpoint,
    timeout: TIMEOUT_MS,
  });
  client.version = '2023-03-30';
  return client;
}
