import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { readJson, saveJson } from '../data/saved-json';

/** One access key and who it speaks for. STS credentials also have a token and an end (`expiration`, ms). */
export type Credentials = {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  expiration?: number;
  /** `acs:ram::<account>:root`, or `acs:sts::<account>:assumed-role/<role>/<session>` */
  arn: string;
};

/** The access keys this cloud knows: the account's own key and the STS credentials issued for roles. */
export type AccessKeys = {
  root: Credentials;
  /** Expired STS credentials are still found for an hour, so that a service can say that they expired. */
  find(accessKeyId: string): Credentials | undefined;
  /** Throws when `roleArn` is not `acs:ram::<account>:role/<name>` of this account. */
  assumeRole(roleArn: string): Credentials;
};

export type AccessKeysOptions = {
  data: string;
  accountId: string;
  now: () => number;
  /** Known besides, from the start; never forgotten. */
  seeded?: Credentials[];
};

const HOUR = 3_600_000;
/** Function Compute's credentials live 36 hours (docs: "Grant permissions across accounts by using a RAM role"). */
const STS_LIFETIME = 36 * HOUR;

/**
 * Opens the keys of an account. Its own key is kept in `<data>/ram/root.json` (0600) and made at the first
 * start; STS credentials live in memory only and end with the process.
 */
export async function createAccessKeys(options: AccessKeysOptions): Promise<AccessKeys> {
  const { data, accountId, now, seeded = [] } = options;
  const arn = `acs:ram::${accountId}:root`;
  const root: Credentials = { ...(await rootKey(join(data, 'ram', 'root.json'))), arn };
  const issued = new Map<string, Credentials>();
  const given = new Map(seeded.map((credentials) => [credentials.accessKeyId, credentials]));

  function find(accessKeyId: string): Credentials | undefined {
    if (accessKeyId === root.accessKeyId) return root;
    return given.get(accessKeyId) ?? issued.get(accessKeyId);
  }

  function assumeRole(roleArn: string): Credentials {
    forgetExpired(issued, now() - HOUR);
    const credentials = temporaryKey(assumedRoleArn(roleArn, accountId), now() + STS_LIFETIME);
    issued.set(credentials.accessKeyId, credentials);
    return credentials;
  }

  return { root, find, assumeRole };
}

type Key = { accessKeyId: string; accessKeySecret: string };

async function rootKey(file: string): Promise<Key> {
  const saved = await readJson<Key>(file);
  if (saved) return saved;
  const made = { accessKeyId: `LTAI${alphanumeric(20)}`, accessKeySecret: alphanumeric(30) };
  await saveJson(file, made);
  return made;
}

function temporaryKey(arn: string, expiration: number): Credentials {
  return Object.freeze({
    accessKeyId: `STS.${alphanumeric(25)}`,
    accessKeySecret: alphanumeric(44),
    // As long as a real token and with its + / = characters: URLs and headers must carry it unharmed.
    securityToken: `CAIS${randomBytes(451).toString('base64')}`,
    expiration,
    arn,
  });
}

function assumedRoleArn(roleArn: string, accountId: string): string {
  const [, account, role] = /^acs:ram::(\d+):role\/([A-Za-z0-9.@_-]{1,64})$/.exec(roleArn) ?? [];
  if (!role) throw new Error(`Cannot assume role ${roleArn}: not an ARN acs:ram::<account>:role/<name>`);
  if (account !== accountId) {
    throw new Error(`Cannot assume role ${roleArn}: it is not a role of account ${accountId}`);
  }
  return `acs:sts::${accountId}:assumed-role/${role}/fc-${alphanumeric(8)}`;
}

// Lifetimes are all equal, so the order of issue is the order of expiry.
function forgetExpired(issued: Map<string, Credentials>, before: number): void {
  for (const [accessKeyId, { expiration }] of issued) {
    if (expiration === undefined || expiration > before) return;
    issued.delete(accessKeyId);
  }
}

function alphanumeric(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
