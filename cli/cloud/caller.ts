import RpcClient, { Config } from '@alicloud/rpc-client';
import { RuntimeOptions } from '@alicloud/tea-util';
import '../../functions/cloud/agents';
import { unanswered } from '../../functions/cloud/unanswered';
import type { Identity } from '../../functions/context';
import { Fault } from '../../functions/fault';
import { explained, type Failure } from '../terminal/failure';

/** Whose credentials they are. */
export type Caller = {
  accountId: string;
  /** `acs:ram::<account>:root`, `…:user/<name>`, `acs:sts::<account>:assumed-role/<role>/<session>`. */
  arn: string;
  kind: 'Account' | 'RAMUser' | 'AssumedRoleUser';
};

const runtime = new RuntimeOptions({ readTimeout: 10_000, connectTimeout: 10_000 });

/** STS GetCallerIdentity, which needs no permission. `endpoint`: URL without a path. Throws `sts-refused`, `sts-unavailable`. */
export async function callerOf({ credentials, region }: Identity, endpoint: string): Promise<Caller> {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const { protocol, host } = new URL(endpoint);
  const scheme = protocol === 'http:' ? 'HTTP' : 'HTTPS';
  const own = { accessKeyId, accessKeySecret, securityToken };
  const client = new RpcClient(new Config({ ...own, regionId: region, endpoint: host, protocol: scheme }));
  const answer = await client
    .doRequest('GetCallerIdentity', scheme, 'POST', '2015-04-01', 'AK', {}, {}, runtime)
    .catch((error: StsError) => {
      throw error instanceof Fault ? error : stsFailure(error, host);
    });
  const { AccountId, Arn = '', IdentityType } = answer as Record<string, string>;
  return { accountId: String(AccountId), arn: Arn, kind: IdentityType as Caller['kind'] };
}

type StsError = { data?: { Code?: string } };

/** The SDK's messages quote the signed URL: only the code is kept. */
function stsFailure(error: StsError, host: string): Failure {
  const [doing, code] = ['learn the account', error.data?.Code];
  if (code === undefined) {
    const { why = 'STS does not answer as it should', ...said } = unanswered(error, host);
    return explained('sts-unavailable', `Cannot ${doing}: ${why}`, { said: { doing, ...said } });
  }
  const message = `Cannot ${doing}: STS does not take these credentials (${code})`;
  return explained('sts-refused', message, { said: { doing, code } });
}
