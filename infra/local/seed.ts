import { readFile } from 'node:fs/promises';
import { fields, listOf, oneOf, type Shape, text, time } from '../declared/shape';
import type { Credentials } from './ram/credentials';

const bucketName = text(
  /^[a-z0-9*][a-z0-9*-]{0,61}[a-z0-9*]?$/,
  'a bucket name, or a pattern of them with *',
);
const acls = oneOf('private', 'public-read', 'public-read-write');

const accessKey = fields(
  { accessKeyId: text(/^[\w.-]{1,128}$/, 'an access key id'), accessKeySecret: text() },
  {
    securityToken: text(),
    expiration: time,
    role: text(/^[\w.@-]{1,64}$/, 'the name of a role'),
    user: text(/^[\w.@-]{1,64}$/, 'the name of a RAM user'),
  },
);
const bucket = fields(
  { name: bucketName },
  { versioning: oneOf('Enabled', 'Suspended'), allowV1: oneOf(true, false), acl: acls },
);
const key = fields(
  { keyId: text(), versions: listOf(fields({ versionId: text(), material: text() })) },
  { state: text(), origin: text(), primary: text(), description: text(/^/) },
);
const kms = fields({}, { keys: listOf(key), aliases: listOf(fields({ aliasName: text(), keyId: text() })) });

const shape = fields(
  {},
  {
    accountId: text(/^\d{16}$/, '16 digits'),
    region: text(/^[a-z]+(-[a-z0-9]+)+$/, 'a region such as cn-hangzhou'),
    accessKeys: listOf(accessKey),
    buckets: listOf(bucket),
    blockPublicAccess: oneOf(true, false),
    kms,
  },
);

/** What a cloud is to have from its start, besides what its data folder keeps. */
export type Seed = ReturnType<typeof shape>;
export type SeededBucket = NonNullable<Seed['buckets']>[number];

/** Reads a seed file. Throws an Error that names the file and what is wrong or unknown in it. */
export async function readSeed(file: string): Promise<Seed> {
  try {
    return seed(JSON.parse(await readFile(file, 'utf8')), '');
  } catch (error) {
    throw new Error(`Cannot use seed ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** A seed told in JSON. Throws an Error that names what is wrong or unknown. */
export const seed: Shape<Seed> = (value, path) => {
  const read = shape(value, path);
  for (const list of [read.accessKeys?.map((one) => one.accessKeyId), read.buckets?.map((one) => one.name)]) {
    const twice = list?.find((name, index) => list.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`${twice} is given twice`);
  }
  return read;
};

/** Account and region of a cloud with this seed. */
export function homeOf({ accountId = '1234567890123456', region = 'cn-hangzhou' }: Seed) {
  return { accountId, region };
}

/** The last date that there is, ms. */
const END_OF_TIME = 8.64e15;

/** The seed's access keys as credentials: of the account itself, or of the role or the user that they name. */
export function seededKeys({ accessKeys = [] }: Seed, accountId: string): Credentials[] {
  return accessKeys.map(({ role, user, ...credentials }) => {
    const endless = credentials.securityToken === undefined ? {} : { expiration: END_OF_TIME };
    return { ...endless, ...credentials, arn: arnOf({ role, user }, accountId) };
  });
}

function arnOf(
  { role, user }: { role?: string | undefined; user?: string | undefined },
  accountId: string,
): string {
  if (role !== undefined) return `acs:sts::${accountId}:assumed-role/${role}/seed`;
  return `acs:ram::${accountId}:${user === undefined ? 'root' : `user/${user}`}`;
}

/** The buckets that are to be there; an entry with a * in its name is a rule and makes none. */
export function seededBuckets({ buckets = [] }: Seed): SeededBucket[] {
  return buckets.filter(({ name }) => !name.includes('*'));
}
