import { type Bucket, ossStatus } from '../../functions/cloud/oss-fault';
import { Fault } from '../../functions/fault';

export type BucketInfo = {
  /** `cn-hangzhou`, without the `oss-` that OSS puts before it. */
  region: string;
  /** Enabled, Suspended, or empty where it never was. */
  versioning: string;
  acl: string;
  blocksPublicAccess: boolean;
  /** AES256, KMS, SM4, None. */
  encryption: string;
  /** Where accesses are logged; empty: nowhere. */
  logBucket: string;
  logPrefix: string;
};

/** A rule of a bucket's lifecycle. Days, undefined where the rule does not do it. */
export type LifecycleRule = {
  isEnabled: boolean;
  prefix: string;
  expiresAfter: number | undefined;
  abortsUploadsAfter: number | undefined;
};

type Nested = { [name: string]: Nested | undefined } | string;

/** GetBucketInfo. Throws as `ossFault` does; there is no such bucket: `oss-refused`, its detail beginning with 404. */
export async function bucketInfo(bucket: Bucket): Promise<BucketInfo> {
  const { bucket: answer } = await bucket.call('look at the bucket', (client) =>
    client.getBucketInfo(bucket.name),
  );
  const text = (...path: string[]) => textAt(answer as Nested, path);
  return {
    region: text('Location').replace(/^oss-/, ''),
    versioning: text('Versioning'),
    acl: text('AccessControlList', 'Grant'),
    blocksPublicAccess: text('BlockPublicAccess') === 'true',
    encryption: text('ServerSideEncryptionRule', 'SSEAlgorithm') || 'None',
    logBucket: text('BucketPolicy', 'LogBucket'),
    logPrefix: text('BucketPolicy', 'LogPrefix'),
  };
}

/** GetBucketLifecycle; none where there is none. */
export async function lifecycleRules(bucket: Bucket): Promise<LifecycleRule[]> {
  const { rules } = await bucket.call('look at the lifecycle', (client) =>
    client.getBucketLifecycle(bucket.name).catch((error) => {
      if (ossStatus(error) === 404) return { rules: null };
      throw error;
    }),
  );
  return (rules ?? []).map((rule) => {
    const text = (...path: string[]) => textAt(rule as Nested, path);
    return {
      isEnabled: text('status') === 'Enabled',
      prefix: text('prefix'),
      expiresAfter: daysOf(text('expiration', 'days')),
      abortsUploadsAfter: daysOf(text('abortMultipartUpload', 'days')),
    };
  });
}

/** GetBucketPolicy: the document, undefined where there is none. */
export async function bucketPolicy(bucket: Bucket): Promise<unknown> {
  const doing = 'look at the policy';
  const { policy, status } = await bucket.call(doing, (client) => client.getBucketPolicy(bucket.name));
  if (status === 200) return policy;
  if (status === 404) return undefined;
  throw new Fault('oss-refused', `Cannot ${doing}: OSS refused (${status})`, { doing, status, code: '' });
}

/** When the oldest unfinished multipart upload of the first thousand was begun. Undefined where there is none. */
export async function oldestUpload(bucket: Bucket): Promise<Date | undefined> {
  const { uploads } = await bucket.call('list the uploads', (client) =>
    client.listUploads({ 'max-uploads': 1000, 'encoding-type': 'url' }),
  );
  const begun = uploads.map(({ initiated }) => Date.parse(initiated));
  return begun.length > 0 ? new Date(Math.min(...begun)) : undefined;
}

/** The first thousand objects, and whether these are all. `size`: bytes. */
export async function firstObjects(bucket: Bucket) {
  const { objects = [], isTruncated } = await bucket.call('list the objects', (client) =>
    client.listV2({ 'max-keys': '1000', 'encoding-type': 'url' }),
  );
  return { objects, isAll: !isTruncated };
}

/** When the oldest was written. Undefined where there is none. */
export function oldestOf(objects: { lastModified: string }[]): Date | undefined {
  const written = objects.map(({ lastModified }) => Date.parse(lastModified));
  return written.length > 0 ? new Date(Math.min(...written)) : undefined;
}

function textAt(value: Nested | undefined, path: string[]): string {
  if (value === undefined) return '';
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? value : '';
  return typeof value === 'string' ? '' : textAt(value[name], rest);
}

function daysOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
