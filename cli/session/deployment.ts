import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { endpoint } from '../../functions/variable-checks';
import { Failure } from '../terminal/failure';

/** What is deployed, by the names that s.yaml takes from the environment or from .env. */
export type Deployment = {
  region: string;
  name: string;
  inboxBucket: string;
  vaultBucket: string;
  downloadsBucket: string;
  /** Variables as given, for what only some commands ask. */
  variables: Record<string, string>;
};

/** Reads `file`, then the environment over it, as Serverless Devs does. A file that is not there is no failure. */
export async function readDeployment(file: string): Promise<Deployment> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...parseEnv(text), ...process.env })) {
    if (value) variables[name] = value;
  }
  const { REGION = 'cn-hangzhou', NAME = 'oss-envelope' } = variables;
  return {
    region: REGION,
    name: NAME,
    inboxBucket: variables.INBOX_BUCKET ?? 'oss-envelope-inbox',
    vaultBucket: variables.VAULT_BUCKET ?? 'oss-envelope-vault',
    downloadsBucket: variables.DOWNLOADS_BUCKET ?? 'oss-envelope-downloads',
    variables,
  };
}

const REGION = /^[a-z]{2}-[a-z0-9-]{2,40}$/;

/** A region's id as part of a host name. Headers of envelopes name regions, too: none of them chooses the host. */
export function checkRegion(region: string): string {
  if (REGION.test(region)) return region;
  throw new Failure(
    'config-wrong',
    `Cannot use the region ${JSON.stringify(region.slice(0, 64))}: it is no region's id`,
  );
}

/** An account's id, which host names begin with. Throws `config-wrong`. */
export function checkAccount(account: string): string {
  if (/^\d{1,20}$/.test(account)) return account;
  throw new Failure(
    'config-wrong',
    `Cannot use the account ${JSON.stringify(account.slice(0, 64))}: give its digits`,
  );
}

/** An endpoint as given. Throws `config-wrong`. */
export function checkEndpoint(url: string): string {
  const checked = endpoint(url);
  if (typeof checked === 'string') return checked;
  throw new Failure('config-wrong', `Cannot use the endpoint ${url}: it ${checked.wrong}`);
}
