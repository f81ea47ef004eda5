/** The real service, as an operator names it in the environment. */
export type LiveTarget = {
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken?: string };
  /** Without `oss-`, for example cn-hangzhou. */
  region: string;
  bucket: string;
  versionedBucket: string;
  kmsKeyId: string;
  /** `https://oss-cn-hangzhou.aliyuncs.com`, `https://kms.cn-hangzhou.aliyuncs.com` unless given. */
  ossEndpoint: string;
  kmsEndpoint: string;
};

type Environment = Record<string, string | undefined>;

const needed = [
  'ALIBABA_CLOUD_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'CONFORMANCE_REGION',
  'CONFORMANCE_BUCKET',
  'CONFORMANCE_VERSIONED_BUCKET',
  'CONFORMANCE_KMS_KEY_ID',
] as const;
const buckets = ['CONFORMANCE_BUCKET', 'CONFORMANCE_VERSIONED_BUCKET'] as const;
const confirmation = 'yes-charge-my-account';

/**
 * What the suite runs against: undefined is the local cloud. One variable that speaks of the real service means the
 * real service, and then everything must be there. Throws one Error with all that is missing.
 */
export function targetOf(env: Environment): LiveTarget | undefined {
  const optional = ['ALIBABA_CLOUD_SECURITY_TOKEN', 'CONFORMANCE_LIVE'];
  if (![...needed, ...optional].some((name) => env[name])) return undefined;
  const complaints = [...missing(env), ...unfit(env)];
  if (complaints.length === 0) return live(env);
  throw new Error(
    `Cannot run the conformance suite against the real service: ${complaints.join('; ')}. Nothing was sent. ` +
      'Without any of these variables it runs against the local cloud.',
  );
}

function missing(env: Environment): string[] {
  const names = needed.filter((name) => !env[name]);
  return [
    ...names.map((name) => `${name} is missing`),
    ...(env.CONFORMANCE_LIVE === confirmation ? [] : [`CONFORMANCE_LIVE is not ${confirmation}`]),
  ];
}

function unfit(env: Environment): string[] {
  const wrong = buckets.filter((name) => env[name] && !env[name].includes('scratch'));
  const same = env.CONFORMANCE_BUCKET && env.CONFORMANCE_BUCKET === env.CONFORMANCE_VERSIONED_BUCKET;
  return [
    ...wrong.map((name) => `${name} names a bucket without "scratch" in its name`),
    ...(same ? ['both buckets are one'] : []),
  ];
}

function live(env: Environment): LiveTarget {
  const given = (name: (typeof needed)[number]) => env[name] ?? '';
  const region = given('CONFORMANCE_REGION').replace(/^oss-/, '');
  const securityToken = env.ALIBABA_CLOUD_SECURITY_TOKEN;
  return {
    credentials: {
      accessKeyId: given('ALIBABA_CLOUD_ACCESS_KEY_ID'),
      accessKeySecret: given('ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
      ...(securityToken && { securityToken }),
    },
    region,
    bucket: given('CONFORMANCE_BUCKET'),
    versionedBucket: given('CONFORMANCE_VERSIONED_BUCKET'),
    kmsKeyId: given('CONFORMANCE_KMS_KEY_ID'),
    ossEndpoint: env.CONFORMANCE_OSS_ENDPOINT || `https://oss-${region}.aliyuncs.com`,
    kmsEndpoint: env.CONFORMANCE_KMS_ENDPOINT || `https://kms.${region}.aliyuncs.com`,
  };
}
