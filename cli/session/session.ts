import { createRetry, type Retry } from '../../functions/cloud/calls';
import { fcClient } from '../../functions/cloud/fc-client';
import { type Fc, fcOf } from '../../functions/cloud/functions';
import { type Keys, keysAt } from '../../functions/cloud/keys';
import { type Kms, kmsOf } from '../../functions/cloud/kms-call';
import { kmsClient } from '../../functions/cloud/kms-client';
import { type Mns, mnsOf } from '../../functions/cloud/mns-call';
import { ossClient } from '../../functions/cloud/oss-client';
import { type Bucket, bucketOf } from '../../functions/cloud/oss-fault';
import type { Identity } from '../../functions/context';
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
export type Session = Services & {
  region: string;
  deployment: Deployment;
  isLocal: boolean;
  /** Throws `no-credentials`. */
  identity(): Promise<Identity & { credentials: FoundCredentials }>;
  /** Whose credentials they are, as STS says. */
  caller(): Promise<Caller>;
  /** The account, as given or as STS says. */
  accountId(): Promise<string>;
  /** URLs without a path, of the services that are no account's own. */
  endpoints: Record<'oss' | 'kms' | 'sts', string>;
  /** URL without a path. */
  fcEndpoint(): Promise<string>;
  /** URL without a path. */
  mnsEndpoint(): Promise<string>;
  interrupted: AbortSignal;
  /** The same session, whose calls are made again so. */
  retrying(retry: Retry): Session;
};

/** The services, and how their calls are made again: until Ctrl-C where nothing else is said. */
type Services = {
  oss(bucket: string): Bucket;
  /** Of this region by default. */
  kms(region?: string): Kms;
  /** Where data keys are made and unwrapped. `accountId`: of the keys, for the ARNs of new ones. */
  keys(at: { region: string; accountId: string }): Keys;
  fc(): Fc;
  mns(): Mns;
  retry: Retry;
};

/** What most ask of it. */
export type Buckets = Pick<Session, 'oss'>;
export type Deployed = Pick<Session, 'deployment'>;

/** Asks no service anything. Throws `config-wrong`, `no-local-cloud`. */
export async function createSession(options: SharedOptions, interrupted: AbortSignal): Promise<Session> {
  const { local, profile, account } = options;
  const cloud = local ? await findLocalCloud(options.data) : undefined;
  const deployment = readDeployment(options.env, cloud?.variables);
  const region = checkRegion(options.region ?? cloud?.region ?? deployment.region);
  const source = cloud ? async () => ({ ...cloud.credentials, provider: 'local' }) : credentialsOf(profile);
  const identity = async () => ({ region, credentials: await source() });
  const { variables } = deployment;
  const endpoint = (service: 'oss' | 'kms' | 'fc' | 'mns', theirs: string) => {
    const ofDeployment = external(variables[`ENVELOPE_${service.toUpperCase()}_ENDPOINT`]);
    return checkEndpoint(
      options[`${service}Endpoint`] ?? cloud?.[`${service}Endpoint`] ?? ofDeployment ?? theirs,
    );
  };
  const kmsEndpoint = (of: string) => {
    const theirs = `https://kms.${checkRegion(of)}.aliyuncs.com`;
    // That of .env is of the deployment's region.
    const isElsewhere = of !== region && !cloud && options.kmsEndpoint === undefined;
    return isElsewhere ? theirs : endpoint('kms', theirs);
  };
  const stsEndpoint = cloud?.stsEndpoint ?? `https://sts.${region}.aliyuncs.com`;
  const caller = async () => callerOf(await identity(), stsEndpoint);
  let known = account && checkAccount(account);
  const accountId = async () => {
    known ??= (await caller().catch(advised)).accountId;
    return known;
  };
  const ossEndpoint = endpoint('oss', `https://oss-${region}.aliyuncs.com`);
  const fcEndpoint = async () => {
    if (cloud && !cloud.fcEndpoint && !options.fcEndpoint)
      throw new Failure('no-local-cloud', 'Cannot ask Function Compute: this local cloud runs no functions');
    return endpoint('fc', `https://${await accountId()}.${region}.fc.aliyuncs.com`);
  };
  const mnsEndpoint = async () => endpoint('mns', `https://${await accountId()}.mns.${region}.aliyuncs.com`);
  const addressing = cloud ? 'path' : 'virtual-host';
  const clients = {
    oss: async (bucket: string) => ossClient(await identity(), { endpoint: ossEndpoint, bucket, addressing }),
    kms: async (of: string) => kmsClient({ ...(await identity()), region: of }, kmsEndpoint(of)),
    async fc() {
      const theirs = await fcEndpoint();
      const { credentials } = await identity();
      return fcClient({ accountId: await accountId(), region, credentials }, theirs);
    },
    mns: async () => ({
      identity: await identity(),
      place: { endpoint: await mnsEndpoint(), now: () => new Date() },
    }),
  };
  const retrying = (retry: Retry): Session => ({
    region,
    deployment,
    isLocal: cloud !== undefined,
    identity,
    caller,
    accountId,
    endpoints: { oss: ossEndpoint, kms: kmsEndpoint(region), sts: stsEndpoint },
    fcEndpoint,
    mnsEndpoint,
    oss: (bucket) => bucketOf(bucket, { client: () => clients.oss(bucket), retry }),
    kms: (of = region) => kmsOf({ client: () => clients.kms(of), retry }),
    keys: (at) =>
      keysAt({
        ...at,
        identity: async () => ({ ...(await identity()), region: at.region }),
        endpoint: kmsEndpoint(at.region),
        retry,
      }),
    fc: () => fcOf({ client: clients.fc, retry }),
    mns: () => mnsOf({ client: clients.mns, retry }),
    retry,
    interrupted,
    retrying,
  });
  return retrying(createRetry(interrupted));
}

/** The same session, for what has to be brought to its end after Ctrl-C, too. */
export function unhurried(session: Session): Session {
  return session.retrying(createRetry(new AbortController().signal));
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
