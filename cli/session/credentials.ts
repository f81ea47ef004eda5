import CliProfile from '@alicloud/credentials/dist/src/providers/cli_profile';
import Default from '@alicloud/credentials/dist/src/providers/default';
import type { Credentials } from '../../functions/context';
import { Failure } from '../terminal/failure';

/** `provider`: where they were found, by the name that Alibaba's library has for it (`default/env`). */
export type FoundCredentials = Credentials & { provider: string };

/** Returns credentials that are good now; asked again, it renews those that expire. Throws `no-credentials`. */
export type CredentialsSource = () => Promise<FoundCredentials>;

/**
 * The order of Alibaba's own tools: environment, OIDC, ~/.aliyun/config.json, ~/.alibabacloud/credentials, the instance's
 * role, a URI (https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials). A
 * `profile` is looked for in ~/.aliyun/config.json only.
 */
export function credentialsOf(profile: string | undefined): CredentialsSource {
  const chain = profile === undefined ? Default.builder().build() : profileNamed(profile);
  return async () => {
    const found = await chain.getCredentials().catch((error: Error) => {
      throw noCredentials(profile, error.message);
    });
    const { accessKeyId, accessKeySecret, securityToken, providerName: provider } = found;
    return { accessKeyId, accessKeySecret, provider, ...(securityToken && { securityToken }) };
  };
}

function profileNamed(profile: string) {
  return CliProfile.builder().withProfileName(profile).build();
}

function noCredentials(profile: string | undefined, why: string): Failure {
  const where = profile === undefined ? 'any place where Alibaba Cloud tools look' : `profile ${profile}`;
  return new Failure('no-credentials', `Cannot find credentials in ${where}`, { detail: why });
}
