import { type FcClient, fcClient } from '../../functions/cloud/fc-client';
import { type KmsClient, kmsClient } from '../../functions/cloud/kms-client';
import { type OssClient, ossClient } from '../../functions/cloud/oss-client';
import type { Identity } from '../../functions/context';
import { openRetry, type Retry } from '../../functions/transfer/retry';
import { type Caller, callerOf } from '../cloud/caller';
import { asFailure, Failure } from '../terminal/failure';
import { credentialsOf, type FoundCredentials } from './credentials';
import { checkAccount, checkEndpoint, checkRegion, type Deployment, readDeployment } from './deployment';
import { findLocalCloud } from './local-cloud';
import type { SharedOptions } from './options';

/**
 * Who asks whom: the identity, the deployment and the services of one command. Clients are made for each use, so that a
 * command may outlive its token.
 */
export type Session = {
  region: string;
  deployment: Deployment;
  isLocal: boolean;
  /** Throws `no-credentials`. */
  identity(): Promise<Identity & { credentials: FoundCredentials }>;
  /** Whose credentials they are, as STS says. */
  caller(): Promise<Caller>;
  /** The account, as given or as STS says. */
  accountId(): Promise<string>;
  oss(bucket: string): Promise<OssClient>;
  /** Of this region by default. */
  kms(region?: string): Promise<KmsClient>;
  fc(): Promise<FcClient>;
  /** URL without a path. */
  fcEndpoint(): Promise<string>;
  /** URL without a path. */
  mnsEndpoint(): Promise<string>;
  /** URLs without a path, of the services that are no account's own. */
  endpoints: Record<'oss' | 'kms' | 'sts', string>;
  /** Ends with Ctrl-C. */
  retry: Retry;
  interrupted: AbortSignal;
};

/** Asks no service anything. Throws `config-wrong`, `no-local-cloud`. */
export async function openSession(options: SharedOptions, interrupted: AbortSignal): Promise<Session> {
  const { local, profile, account } = options;
  const cloud = local ? await findLocalCloud(options.data) : undefined;
  const deployment = readDeployment(options.env, cloud?.variables);
  const region = checkRegion(options.region ?? cloud?.region ?? deployment.region);
  const source = cloud ? async () => ({ ...cloud.credentials, provider: 'local' }) : credentialsOf(profile);
  const identity = async () => ({ region, credentials: await source() });
  const { variables } = deployment;
  const endpoint = (given: string | undefined, ofCloud: string | undefined, name: string, theirs: string) =>
    checkEndpoint(given ?? ofCloud ?? external(variables[name]) ?? theirs);
  const kmsEndpoint = (of: string) => {
    const theirs = `https://kms.${checkRegion(of)}.aliyuncs.com`;
    // That of .env is of the deployment's region.
    const isElsewhere = of !== region && !cloud && options.kmsEndpoint === undefined;
    return isElsewhere
      ? theirs
      : endpoint(options.kmsEndpoint, cloud?.kmsEndpoint, 'ENVELOPE_KMS_ENDPOINT', theirs);
  };
  const stsEndpoint = cloud?.stsEndpoint ?? `https://sts.${region}.aliyuncs.com`;
  const caller = async () => callerOf(await identity(), stsEndpoint);
  let known = account && checkAccount(account);
  const accountId = async () => {
    known ??= (await caller().catch(advised)).accountId;
    return known;
  };
  const ossEndpoint = endpoint(
    options.ossEndpoint,
    cloud?.ossEndpoint,
    'ENVELOPE_OSS_ENDPOINT',
    `https://oss-${region}.aliyuncs.com`,
  );
  const fcEndpoint = async () => {
    if (cloud && !cloud.fcEndpoint && !options.fcEndpoint)
      throw new Failure('no-local-cloud', 'Cannot ask Function Compute: this local cloud runs no functions');
    const theirs = `https://${await accountId()}.${region}.fc.aliyuncs.com`;
    return endpoint(options.fcEndpoint, cloud?.fcEndpoint, 'ENVELOPE_FC_ENDPOINT', theirs);
  };
  return {
    region,
    deployment,
    isLocal: cloud !== undefined,
    identity,
    caller,
    accountId,
    endpoints: { oss: ossEndpoint, kms: kmsEndpoint(region), sts: stsEndpoint },
    oss: async (bucket) =>
      ossClient(await identity(), {
        endpoint: ossEndpoint,
        bucket,
        addressing: cloud ? 'path' : 'virtual-host',
      }),
    kms: async (of = region) => kmsClient({ ...(await identity()), region: of }, kmsEndpoint(of)),
    async fc() {
      if (cloud && !cloud.fcEndpoint && options.fcEndpoint === undefined)
        throw new Failure('no-local-cloud', 'Cannot ask Function Compute: the local cloud has no functions');
      const id = await accountId();
      const { credentials } = await identity();
      return fcClient({ accountId: id, region, credentials }, await fcEndpoint());
    },
    fcEndpoint,
    async mnsEndpoint() {
      const theirs = `https://${await accountId()}.mns.${region}.aliyuncs.com`;
      return endpoint(options.mnsEndpoint, cloud?.mnsEndpoint, 'ENVELOPE_MNS_ENDPOINT', theirs);
    },
    retry: openRetry(interrupted),
    interrupted,
  };
}

/** The same session, for what has to be brought to its end after Ctrl-C, too. */
export function unhurried(session: Session): Session {
  return { ...session, retry: openRetry(new AbortController().signal) };
}

/** Where the account is not given, and STS tells none. */
function advised(error: unknown): never {
  const { code, message, detail, todo } = asFailure(error);
  if (!/^(sts-unavailable|host-unknown)$/.test(code)) throw error;
  throw new Failure(code, message, { detail, todo: `give the account with --account; or ${todo}` });
}

/** A deployment's own endpoints may be internal ones, which only machines in the region reach. */
function external(url: string | undefined): string | undefined {
  return url !== undefined && /-internal\./.test(url) ? undefined : url;
}
