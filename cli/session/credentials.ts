import CliProfile from '@alicloud/credentials/dist/src/providers/cli_profile';
import Default from '@alicloud/credentials/dist/src/providers/default';
import '../../functions/cloud/agents';
import type { Credentials } from '../../functions/context';
import { Failure } from '../terminal/failure';
import { DATA, isLocalCloudIn } from './local-cloud';

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
    const found = await chain.getCredentials().catch(async (error: Error) => {
      throw await noCredentials(profile, error.message);
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

async function noCredentials(profile: string | undefined, why: string): Promise<Failure> {
  if (profile !== undefined) {
    const todo = `run: aliyun configure --profile ${profile}, or name another`;
    const detail = /^[^:{]*/.exec(why)?.[0];
    return new Failure('no-credentials', `Cannot find credentials in profile ${profile}`, { detail, todo });
  }
  const told = 'Cannot find credentials in any place where Alibaba Cloud tools look';
  const detail = [`looked at ${placesLookedAt().join(', ')}`, ...whatFailed(why)].join('; ');
  const failure = new Failure('no-credentials', told, { detail });
  if (!(await isLocalCloudIn(DATA))) return failure;
  const todo = `say --local for the local cloud that runs in ${DATA}; else: ${failure.todo}`;
  return new Failure('no-credentials', told, { detail, todo });
}

function placesLookedAt(): string[] {
  const { env } = process;
  const isOff = (name: string) => env[name]?.toLowerCase() === 'true';
  return [
    'the environment',
    ...(isOff('ALIBABA_CLOUD_CLI_PROFILE_DISABLED') ? [] : ['~/.aliyun/config.json']),
    env.ALIBABA_CLOUD_CREDENTIALS_FILE ?? '~/.alibabacloud/credentials',
    ...(isOff('ALIBABA_CLOUD_ECS_METADATA_DISABLED') ? [] : ["100.100.100.200 (the instance's metadata)"]),
    ...(env.ALIBABA_CLOUD_CREDENTIALS_URI ? ['ALIBABA_CLOUD_CREDENTIALS_URI'] : []),
  ];
}

/** What was there and did not do. The rest of what the library says may quote files and answers. */
function whatFailed(why: string): string[] {
  const failures =
    /(parse aliyun cli config from '[^']*'|get sts token|get session token from \w+|refresh \w+ token) failed|unsupported profile mode '\w*'|unable to get profile with '[^']*'/g;
  return [...why.matchAll(failures)].map(([said]) => said);
}
