import RpcClient, { Config } from '@alicloud/rpc-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import type { Identity } from '../../functions/context';
import { Failure } from '../terminal/failure';

const runtime = new RuntimeOptions({ readTimeout: 10_000, connectTimeout: 10_000 });

/** Who the credentials belong to: STS GetCallerIdentity, which needs no permission. Returns the account's id. */
export async function callerAccount({ credentials, region }: Identity): Promise<string> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const endpoint = `sts.${region}.aliyuncs.com`;
  const client = new RpcClient(
    new Config({
      accessKeyId,
      accessKeySecret,
      securityToken,
      regionId: region,
      endpoint,
      protocol: 'HTTPS',
    }),
  );
  const answer = await client
    .doRequest('GetCallerIdentity', 'HTTPS', 'POST', '2015-04-01', 'AK', {}, {}, runtime)
    .catch((error: { data?: { Code?: string }; code?: string }) => {
      throw new Failure(
        'sts-refused',
        'Cannot learn the account: STS does not say whose credentials these are',
        {
          detail: error.data?.Code ?? error.code,
          todo: 'give it with --account',
        },
      );
    });
  return String((answer as { AccountId?: string }).AccountId);
}
