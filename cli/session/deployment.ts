import { endpoint } from '../../functions/variable-checks';
import { Failure } from '../terminal/failure';
import { readVariables } from './variables';

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

/**
 * By the environment and `file`, as Serverless Devs reads them. `deployed`: what is known to be otherwise. Throws as
 * `readVariables`.
 */
export function readDeployment(file: string | undefined, deployed: Record<string, string> = {}): Deployment {
  const variables = { ...readVariables(file), ...deployed };
  return {
    region: variables.ENVELOPE_REGION ?? 'cn-hangzhou',
    name: variables.ENVELOPE_NAME ?? 'oss-envelope',
    inboxBucket: variables.ENVELOPE_INBOX_BUCKET ?? 'oss-envelope-inbox',
    vaultBucket: variables.ENVELOPE_VAULT_BUCKET ?? 'oss-envelope-vault',
    downloadsBucket: variables.ENVELOPE_DOWNLOADS_BUCKET ?? 'oss-envelope-downloads',
    variables,
  };
}

/** A variable in whole seconds, by its name without the prefix. Throws `config-wrong`. */
export function secondsIn<T>({ variables }: Deployment, name: string, fallback: T): number | T {
  const text = variables[`ENVELOPE_${name}`];
  if (text === undefined) return fallback;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure(
    'config-wrong',
    `Cannot use ENVELOPE_${name}: ${JSON.stringify(text)} are no whole seconds`,
  );
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
