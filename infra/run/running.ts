import type { LocalCloud } from '../../cli/session/local-cloud';
import type { Cloud } from '../local/cloud';
import type { Fc } from '../local/fc/server';

/** What the operator's command line needs to know of a running cloud. */
export function localCloudOf(
  cloud: Pick<Cloud, 'region' | 'accountId' | 'root' | 'oss' | 'kms' | 'mns' | 'sts'>,
  fc: Fc | undefined,
  variables?: LocalCloud['variables'],
): LocalCloud {
  const { region, accountId, root: credentials, oss, kms, mns, sts } = cloud;
  const endpoints = {
    ossEndpoint: oss.endpoint,
    kmsEndpoint: kms.endpoint,
    mnsEndpoint: mns.endpoint,
    stsEndpoint: sts.endpoint,
  };
  return {
    region,
    accountId,
    credentials,
    ...endpoints,
    ...(fc && { fcEndpoint: fc.endpoint }),
    ...(variables && { variables }),
  };
}
