import { components } from './decrypt/openapi.json';
import { PART_MIN, PLAINTEXT_MAX, PREFERRED_MAX } from './envelope/layout';
import {
  bucket,
  claims,
  endpoint,
  inlineTypes,
  keyArns,
  keyPrefixes,
  type LogKeys,
  logKeys,
  origins,
  pattern,
  whole,
} from './variable-checks';
import { type Environment, readConfig, type Spec, type Specs } from './variables';

export type EncryptConfig = {
  inboxBucket: string;
  vaultBucket: string;
  /** Where data goes: by default the internal OSS endpoint of the function's region. */
  ossEndpoint: string;
  kmsEndpoint: string;
  /** Key id, alias (`alias/…`) or ARN. */
  kmsKeyId: string;
  /** The keys that decrypt may ask for: an envelope under another counts for nothing. */
  kmsKeyArns: string[];
  /** Bytes of plaintext in a part, where the object's size allows. */
  partBytes: number;
  parallelParts: number;
  /** Seconds for which an appendable object must have been left alone before it is sealed; absent: none is sealed. */
  appendableQuietSeconds: number | undefined;
  /** Seconds that an upload may wait for its own event, before the sweep hands it over again. */
  graceSeconds: number;
  mnsEndpoint: string;
  /** The MNS queue that takes what will never be sealed as it is. */
  deadLetterQueue: string;
  logKeys: LogKeys;
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
  /** Life of a signed URL, in seconds, where the request does not say. */
  expiresSeconds: number;
  /** Seconds that a plaintext may lie in the downloads bucket; no URL outlives it. */
  downloadSeconds: number;
  /** Keys begin with one of these, or are not served. Empty: all are. */
  keyPrefixes: string[];
  /** The most bytes of plaintext that one request may ask for; absent: no limit. */
  maxBytes: number | undefined;
  /** How many envelopes one instance opens in a minute; absent: no limit. */
  openingsPerMinute: number | undefined;
  /** Seconds for which an opened data key is kept for the next request of the same envelope; 0: not at all. */
  keyCacheSeconds: number;
  /** Media types that may be shown instead of saved; none of them can script. */
  inlineTypes: string[];
  /** Request headers (lower-case) and the value that each must have; where a gateway passes the claims of a token so. */
  requiredClaims: Record<string, string>;
  /** Origins whose scripts may read the answers. */
  allowedOrigins: string[];
  logKeys: LogKeys;
};

export type SweepConfig = {
  inboxBucket: string;
  vaultBucket: string;
  downloadsBucket: string;
  ossEndpoint: string;
  /** Function Compute's API for invocations. */
  fcEndpoint: string;
  /** The function that seals. */
  encryptFunction: string;
  /** Seconds that an upload may wait for its own event, before it is handed to the encrypt function again. */
  graceSeconds: number;
  /** Seconds between two runs of the timer. */
  intervalSeconds: number;
  /** Seconds after which an unfinished upload to the vault or the downloads is nobody's any more. */
  staleUploadSeconds: number;
  /** Seconds that a plaintext may lie in the downloads bucket. */
  downloadSeconds: number;
  /** Seconds that an upload stays in the inbox below the delete marker of its owner. */
  withdrawnSeconds: number;
  /** The most uploads that one run hands on. */
  redriveLimit: number;
  logKeys: LogKeys;
};

const PART_BYTES: Spec<number> = {
  name: 'PART_BYTES',
  check: whole(PART_MIN, PREFERRED_MAX),
  fallback: '8388608',
};
/** What requests may ask for, too. */
const { maximum: URL_SECONDS_MAX } = components.schemas.ExpiresInSeconds;
const PARALLEL_PARTS: Spec<number> = { name: 'PARALLEL_PARTS', check: whole(1, 64), fallback: '4' };

const OSS_ENDPOINT: Spec<string> = {
  name: 'OSS_ENDPOINT',
  check: endpoint,
  fallback: ({ region }) => `https://oss-${region}-internal.aliyuncs.com`,
};
const KMS_ENDPOINT: Spec<string> = {
  name: 'KMS_ENDPOINT',
  check: endpoint,
  fallback: ({ region }) => `https://kms.${region}.aliyuncs.com`,
};
const KMS_KEY_ARNS: Spec<string[]> = { name: 'KMS_KEY_ARNS', check: keyArns };
const DOWNLOAD_SECONDS: Spec<number> = {
  name: 'DOWNLOAD_SECONDS',
  check: whole(60, 86_400),
  fallback: '3900',
};
const GRACE_SECONDS: Spec<number> = { name: 'GRACE_SECONDS', check: whole(1, 604_800), fallback: '900' };
const LOG_KEYS: Spec<LogKeys> = { name: 'LOG_KEYS', check: logKeys, fallback: 'plain' };

const encryptSpecs: Specs<EncryptConfig> = {
  inboxBucket: { name: 'INBOX_BUCKET', check: bucket },
  vaultBucket: { name: 'VAULT_BUCKET', check: bucket },
  ossEndpoint: OSS_ENDPOINT,
  kmsEndpoint: KMS_ENDPOINT,
  kmsKeyId: { name: 'KMS_KEY_ID', check: pattern(/^[\w/:-]{1,512}$/, 'a key id, an alias or an ARN') },
  kmsKeyArns: KMS_KEY_ARNS,
  partBytes: PART_BYTES,
  parallelParts: PARALLEL_PARTS,
  appendableQuietSeconds: { name: 'APPENDABLE_QUIET_SECONDS', check: whole(0, 604_800), optional: true },
  graceSeconds: GRACE_SECONDS,
  mnsEndpoint: {
    name: 'MNS_ENDPOINT',
    check: endpoint,
    fallback: ({ region, account }) => `https://${account}.mns.${region}.aliyuncs.com`,
  },
  deadLetterQueue: {
    name: 'DEAD_LETTER_QUEUE',
    check: pattern(/^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/, 'the name of an MNS queue'),
    fallback: 'oss-envelope-dead-letter',
  },
  logKeys: LOG_KEYS,
};

const decryptSpecs: Specs<DecryptConfig> = {
  vaultBucket: { name: 'VAULT_BUCKET', check: bucket },
  downloadsBucket: { name: 'DOWNLOADS_BUCKET', check: bucket },
  ossEndpoint: OSS_ENDPOINT,
  downloadsUrl: { name: 'DOWNLOADS_URL', check: endpoint },
  kmsEndpoint: KMS_ENDPOINT,
  kmsKeyArns: KMS_KEY_ARNS,
  partBytes: PART_BYTES,
  parallelParts: PARALLEL_PARTS,
  expiresSeconds: { name: 'EXPIRES_SECONDS', check: whole(1, URL_SECONDS_MAX), fallback: '300' },
  downloadSeconds: DOWNLOAD_SECONDS,
  keyPrefixes: { name: 'KEY_PREFIXES', check: keyPrefixes, fallback: '[]' },
  maxBytes: { name: 'MAX_BYTES', check: whole(1, PLAINTEXT_MAX), optional: true },
  openingsPerMinute: { name: 'OPENINGS_PER_MINUTE', check: whole(1, 100_000), optional: true },
  keyCacheSeconds: { name: 'KEY_CACHE_SECONDS', check: whole(0, 60), fallback: '0' },
  inlineTypes: { name: 'INLINE_TYPES', check: inlineTypes, fallback: ',' },
  requiredClaims: { name: 'REQUIRED_CLAIMS', check: claims, fallback: '{}' },
  allowedOrigins: { name: 'ALLOWED_ORIGINS', check: origins, fallback: '' },
  logKeys: LOG_KEYS,
};

const sweepSpecs: Specs<SweepConfig> = {
  inboxBucket: { name: 'INBOX_BUCKET', check: bucket },
  vaultBucket: { name: 'VAULT_BUCKET', check: bucket },
  downloadsBucket: { name: 'DOWNLOADS_BUCKET', check: bucket },
  ossEndpoint: OSS_ENDPOINT,
  fcEndpoint: {
    name: 'FC_ENDPOINT',
    check: endpoint,
    fallback: ({ region, account }) => `https://${account}.${region}.fc.aliyuncs.com`,
  },
  encryptFunction: {
    name: 'ENCRYPT_FUNCTION',
    check: pattern(/^[A-Za-z_][\w-]{0,63}$/, 'the name of a function'),
    fallback: 'oss-envelope-encrypt',
  },
  graceSeconds: GRACE_SECONDS,
  intervalSeconds: { name: 'INTERVAL_SECONDS', check: whole(60, 86_400), fallback: '900' },
  staleUploadSeconds: { name: 'STALE_UPLOAD_SECONDS', check: whole(3600, 2_592_000), fallback: '90000' },
  downloadSeconds: DOWNLOAD_SECONDS,
  withdrawnSeconds: { name: 'WITHDRAWN_SECONDS', check: whole(60, 31_536_000), fallback: '604800' },
  redriveLimit: { name: 'REDRIVE_LIMIT', check: whole(1, 1_000_000), fallback: '1000' },
  logKeys: LOG_KEYS,
};

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. */
export function encryptConfig(environment: Environment): EncryptConfig {
  return readConfig(environment, encryptSpecs, ['inboxBucket', 'vaultBucket']);
}

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. */
export function decryptConfig(environment: Environment): DecryptConfig {
  return readConfig(environment, decryptSpecs, ['vaultBucket', 'downloadsBucket']);
}

/** Throws one `config-invalid` that names every variable that is missing, wrong or unknown. */
export function sweepConfig(environment: Environment): SweepConfig {
  return readConfig(environment, sweepSpecs, ['inboxBucket', 'vaultBucket', 'downloadsBucket']);
}
