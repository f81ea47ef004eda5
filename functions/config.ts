import { PART_MIN, PREFERRED_MAX } from './envelope/layout';
import { Fault } from './fault';

type Environment = Record<string, string | undefined>;

/** Every variable starts with this; one that starts so and is unknown is refused. */
const PREFIX = 'ENVELOPE_';

export type EncryptConfig = {
  inboxBucket: string;
  vaultBucket: string;
  /** Where data goes: by default the internal OSS endpoint of the function's region. */
  ossEndpoint: string;
  kmsEndpoint: string;
  /** Key id, alias (`alias/…`) or ARN. */
  kmsKeyId: string;
  /** Bytes of plaintext in a part, where the object's size allows. */
  partBytes: number;
  parallelParts: number;
};

export type DecryptConfig = {
  vaultBucket: string;
  downloadsBucket: string;
  ossEndpoint: string;
  /** Where the world reaches the downloads bucket: a custom domain, or the bucket's public domain. Signed URLs start so. */
  downloadsUrl: string;
  kmsEndpoint: string;
  /** The keys under which data keys are unwrapped; no other is asked for. */
  kmsKeyArns: string[];
  partBytes: number;
  parallelParts: number;
  /** Life of a signed URL, in seconds. */
  expiresSeconds: number;
};

/** A variable: its check returns what is wrong, or the value. */
type Check<T> = (text: string) => T | Wrong;
type Wrong = { wrong: string };
type Spec<T> = { name: string; check: Check<T>; fallback?: string | ((region: string) => string) };
type Specs<C> = { [K in keyof C]: Spec<C[K]> };

const PART_BYTES: Spec<number> = {
  name: 'PART_BYTES',
  check: whole(PART_MIN, PREFERRED_MAX),
  fallback: '8388608',
};
const PARALLEL_PARTS: Spec<number> = { name: 'PARALLEL_PARTS', check: whole(1, 64), fallback: '4' };

const OSS_ENDPOINT: Spec<string> = {
  name: 'OSS_ENDPOINT',
  check: endpoint,
  fallback: (region) => `https://oss-${region}-internal.aliyuncs.com`,
};
const KMS_ENDPOINT: Spec<string> = {
  name: 'KMS_ENDPOINT',
  check: endpoint,
  fallback: (region) => `https://kms.${region}.aliyuncs.com`,
};

const encryptSpecs: Specs<EncryptConfig> = {
  inboxBucket: { name: 'INBOX_BUCKET', check: bucket },
  vaultBucket: { name: 'VAULT_BUCKET', check: bucket },
  ossEndpoint: OSS_ENDPOINT,
  kmsEndpoint: KMS_ENDPOINT,
  kmsKeyId: { name: 'KMS_KEY_ID', check: pattern(/^[\w/:-]{1,512}$/, 'a key id, an alias or an ARN') },
  partBytes: PART_BYTES,
  parallelParts: PARALLEL_PARTS,
};

const decryptSpecs: Specs<DecryptConfig> = {
  vaultBucket: { name: 'VAULT_BUCKET', check: bucket },
  downloadsBucket: { name: 'DOWNLOADS_BUCKET', check: bucket },
  ossEndpoint: OSS_ENDPOINT,
  downloadsUrl: { name: 'DOWNLOADS_URL', check: endpoint },
  kmsEndpoint: KMS_ENDPOINT,
  kmsKeyArns: { name: 'KMS_KEY_ARNS', check: keyArns },
  partBytes: PART_BYTES,
  parallelParts: PARALLEL_PARTS,
  expiresSeconds: { name: 'EXPIRES_SECONDS', check: whole(1, 3600), fallback: '300' },
};

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. */
export function encryptConfig(environment: Environment): EncryptConfig {
  return readConfig(environment, encryptSpecs, ['inboxBucket', 'vaultBucket']);
}

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. */
export function decryptConfig(environment: Environment): DecryptConfig {
  return readConfig(environment, decryptSpecs, ['vaultBucket', 'downloadsBucket']);
}

function readConfig<C extends object>(
  environment: Environment,
  specs: Specs<C>,
  distinct: (keyof C & string)[],
): C {
  const problems = unknownNames(environment, specs);
  const config = {} as C;
  for (const field of Object.keys(specs) as (keyof C & string)[]) {
    const value = readVariable(environment, specs[field]);
    if (isWrong(value)) problems.push(`${PREFIX}${specs[field].name} ${value.wrong}`);
    else config[field] = value;
  }
  const [one, other] = distinct.map((field) => config[field]);
  if (one !== undefined && one === other) {
    problems.push(`${distinct.map((field) => PREFIX + specs[field].name).join(' and ')} must be two buckets`);
  }
  if (problems.length > 0) throw new Fault('config-invalid', `Cannot start: ${problems.join('; ')}`);
  return config;
}

/** An empty variable counts as absent. FC itself sets FC_REGION. */
function readVariable<T>(environment: Environment, { name, check, fallback }: Spec<T>): T | Wrong {
  const given = environment[PREFIX + name];
  if (given) return check(given);
  if (typeof fallback === 'string') return check(fallback);
  const region = environment.FC_REGION;
  return fallback && region ? check(fallback(region)) : { wrong: 'is missing' };
}

function unknownNames(environment: Environment, specs: object): string[] {
  const known = Object.values(specs).map(({ name }: { name: string }) => PREFIX + name);
  const given = Object.keys(environment).filter((name) => name.startsWith(PREFIX));
  return given.filter((name) => !known.includes(name)).map((name) => `${name} is unknown`);
}

function isWrong(value: unknown): value is Wrong {
  return typeof value === 'object' && value !== null && 'wrong' in value;
}

function pattern(form: RegExp, what: string): Check<string> {
  return (text) => (form.test(text) ? text : { wrong: `must be ${what}` });
}

function bucket(text: string) {
  return pattern(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'a bucket name')(text);
}

function whole(min: number, max: number): Check<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : { wrong: `must be a whole number from ${min} to ${max}` };
  };
}

/** https, except on this machine: plaintext and signed requests cross no network unencrypted. */
function endpoint(text: string): string | Wrong {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.pathname !== '/' || url.search || url.hash || url.username || url.password)
    return { wrong: 'must be a URL without a path' };
  const local = url.hostname === '127.0.0.1' || /(^|\.)localhost$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    return { wrong: 'must start with https://' };
  return url.origin;
}

function keyArns(text: string): string[] | Wrong {
  const arns = text.split(',').map((arn) => arn.trim());
  const form = /^acs:kms:[a-z0-9-]+:\d+:key\/[\w-]+$/;
  return arns.every((arn) => form.test(arn))
    ? arns
    : { wrong: 'must be key ARNs (acs:kms:<region>:<account>:key/<id>), comma-separated' };
}
