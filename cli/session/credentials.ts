import CliProfile from '@alicloud/credentials/dist/src/providers/cli_profile';
import Default from '@alicloud/credentials/dist/src/providers/default';
import '../../functions/cloud/agents';
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
    const named = profile === undefined ? passedOver(provider) : undefined;
    if (named)
      throw new Failure('no-credentials', `Cannot find credentials where ${named} says that they are`, {
        detail: `they would be those of ${provider}`,
        todo: 'correct it, or unset it',
      });
    return { accessKeyId, accessKeySecret, provider, ...(securityToken && { securityToken }) };
  };
}

function profileNamed(profile: string) {
  return CliProfile.builder().withProfileName(profile).build();
}

const OF_FILES = ['env', 'oidc_role_arn', 'cli_profile', 'profile'];

/** Variables that name where credentials are; the providers, in their order, down to the one that has to have them then. */
const NAMING: Record<string, string[]> = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: ['env'],
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: ['env'],
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: ['env', 'oidc_role_arn'],
  ALIBABA_CLOUD_PROFILE: OF_FILES,
  ALIBABA_CLOUD_CREDENTIALS_FILE: OF_FILES,
};

/** The chain goes on where one has none, and ends with somebody else. */
function passedOver(provider: string): string | undefined {
  const [, used = ''] = provider.split('/');
  return Object.keys(NAMING).find((name) => process.env[name] && !NAMING[name]?.includes(used));
}

function noCredentials(profile: string | undefined, why: string): Failure {
  const where = profile === undefined ? 'any place where Alibaba Cloud tools look' : `profile ${profile}`;
  // It quotes the file.
  const detail = why.replace(/(parse aliyun cli config from '[^']*' failed).*/s, '$1');
  const todo = { todo: `run: aliyun configure --profile ${profile}, or name another` };
  return new Failure('no-credentials', `Cannot find credentials in ${where}`, {
    detail,
    ...(profile !== undefined && todo),
  });
}
