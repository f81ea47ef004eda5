import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type OssClient, ossClient } from '../../functions/cloud/oss-client';
import type { Credentials } from '../../functions/context';
import { type Cloud, startCloud } from '../../infra/local/cloud';
import type { Call, Hooks } from '../../infra/local/gateway/hooks';
import { VAULT } from '../../infra/run/deployment';
import { localCloudOf } from '../../infra/run/running';
import { optionsAt } from './command';

/** Who else there is, beside the account's owner. */
const IDENTITIES = {
  /** May have data keys made, and none unwrapped. */
  sealer: { accessKeyId: 'STS.sealer', role: 'oss-envelope-encrypt', securityToken: 'token-of-the-sealer' },
  /** The other way round. */
  opener: { accessKeyId: 'STS.opener', role: 'oss-envelope-decrypt', securityToken: 'token-of-the-opener' },
  /** Was somebody until a year ago. */
  former: {
    accessKeyId: 'STS.former',
    role: 'oss-envelope-decrypt',
    securityToken: 'token-of-the-former',
    expiration: new Date(Date.now() - 3.15e10).toISOString(),
  },
};

type Name = keyof typeof IDENTITIES;

/** OSS and KMS with what infra/template.yaml makes and allows, and no functions: in a tenth of a second. */
export type SmallCloud = {
  cloud: Cloud;
  /** A folder for the test's own files. */
  folder: string;
  vault: OssClient;
  keyArn: string;
  /** Every call that was made. */
  calls: Call[];
  hooks: { before?: Hooks['before'] };
  /** The options that lead the command line to it, as the account's owner or somebody else. */
  options(name?: Name): Promise<string[]>;
  credentials(name: Name): Required<Credentials>;
  close(): Promise<void>;
};

const SECRET = 'a secret that only tests know';

export async function startSmallCloud(): Promise<SmallCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'oss-envelope-small-'));
  const data = join(folder, 'data');
  await mkdir(data);
  const [calls, hooks]: [Call[], SmallCloud['hooks']] = [[], {}];
  const cloud = await startCloud({
    data,
    runtime: '',
    template: resolve('infra/template.yaml'),
    seed: {
      accessKeys: Object.values(IDENTITIES).map((identity) => ({ ...identity, accessKeySecret: SECRET })),
    } as never,
    hooks: {
      before: (call) => {
        calls.push(call);
        return hooks.before?.(call);
      },
    },
  });
  const outputs = await cloud.attach({});
  const owner = { region: cloud.region, credentials: cloud.root };
  const vault = ossClient(owner, { endpoint: cloud.oss.endpoint, bucket: VAULT, addressing: 'path' });
  const credentials = (name: Name) => {
    const { accessKeyId, securityToken } = IDENTITIES[name];
    return { accessKeyId, securityToken, accessKeySecret: SECRET };
  };
  async function options(name?: Name): Promise<string[]> {
    const known = localCloudOf(cloud, undefined);
    const at = join(folder, `as-${name ?? 'owner'}`);
    return optionsAt(at, name ? { ...known, credentials: credentials(name) } : known);
  }
  async function close(): Promise<void> {
    await cloud.close();
    await rm(folder, { recursive: true });
  }
  const keyArn = outputs.KeyArns?.split(',')[0] ?? '';
  return { cloud, folder, vault, keyArn, calls, hooks, options, credentials, close };
}
