import { BUCKET, KEY, LOGSTORE, type Rule } from './rule';
import { at, type Built, statementsAt } from './world';

const vault = 'Resources.Vault.Properties';
const key = 'Resources.Key.Properties';

/** Of what lies there, and under what. */
export const dataRules: Rule[] = [
  {
    named: 'CIS 5.4, oss-bucket-only-https-enabled',
    says: 'a bucket refuses whoever comes without TLS, the account itself too',
    type: BUCKET,
    keeps: refusesPlainHttp,
    broken: [
      [`${vault}.Policy`, undefined],
      [`${vault}.Policy.Statement.0.Condition.Bool`, { 'acs:SecureTransport': ['true'] }],
      [`${vault}.Policy.Statement.0.Resource.1`, undefined],
      [`${vault}.Policy.Statement.0.Effect`, 'Allow'],
    ],
  },
  {
    named: 'CIS 5.1 and 5.2, oss-bucket-public-read-prohibited, oss-bucket-public-write-prohibited',
    says: 'a bucket is private and stays so',
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'AccessControl') === 'private' && at(bucket, 'BlockPublicAccess') === true,
    broken: [
      [`${vault}.AccessControl`, 'public-read'],
      [`${vault}.BlockPublicAccess`, false],
    ],
  },
  {
    named: 'CIS 5.8, oss-bucket-server-side-encryption-enabled',
    says: 'a bucket encrypts at rest',
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'ServerSideEncryptionConfiguration.SSEAlgorithm') !== undefined,
    broken: [[`${vault}.ServerSideEncryptionConfiguration`, undefined]],
  },
  {
    named: 'CIS 5.9, oss-default-encryption-kms',
    says: "a bucket encrypts at rest under a key of the account's own",
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'ServerSideEncryptionConfiguration.SSEAlgorithm') === 'KMS',
    broken: [],
  },
  {
    named: 'CIS 5.3, oss-bucket-logging-enabled',
    says: 'every access to a bucket is logged',
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'LoggingConfiguration.TargetBucket') !== undefined,
    broken: [[`${vault}.LoggingConfiguration`, undefined]],
  },
  {
    named: 'oss-bucket-versioning-enabled',
    says: 'a bucket keeps what is overwritten or deleted',
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'VersioningConfiguration.Status') === 'Enabled',
    broken: [
      [`${vault}.VersioningConfiguration`, undefined],
      ['Resources.Inbox.Properties.VersioningConfiguration.Status', 'Suspended'],
    ],
  },
  {
    named: 'oss-bucket-tags-required',
    says: 'a bucket says whose it is',
    type: BUCKET,
    keeps: (bucket) => at(bucket, 'Tags.app') !== undefined,
    broken: [[`${vault}.Tags`, undefined]],
  },
  {
    named: 'kms-key-rotation-enabled',
    says: 'the key rotates at least once a year',
    type: KEY,
    keeps: (one) => at(one, 'EnableAutomaticRotation') === true && days(at(one, 'RotationInterval')) <= 365,
    broken: [
      [`${key}.EnableAutomaticRotation`, false],
      [`${key}.RotationInterval`, '730d'],
    ],
  },
  {
    named: 'kms-key-delete-protection-enabled',
    says: 'the key cannot be deleted in one step, nor in less than 30 days',
    type: KEY,
    keeps: (one) => at(one, 'DeletionProtection') === true && Number(at(one, 'PendingWindowInDays')) >= 30,
    broken: [
      [`${key}.DeletionProtection`, undefined],
      [`${key}.PendingWindowInDays`, 7],
    ],
  },
  {
    named: 'kms-key-description-required',
    says: 'the key says what it is for',
    type: KEY,
    keeps: (one) => String(at(one, 'Description') ?? '').length > 20,
    broken: [[`${key}.Description`, undefined]],
  },
  {
    named: 'sls-logstore-enabled-encrypt',
    says: "logs are encrypted under a key of the account's own",
    type: LOGSTORE,
    keeps: (logstore) => at(logstore, 'EncryptConf.Enable') === true,
    broken: [],
  },
];

function refusesPlainHttp(bucket: Built): boolean {
  const name = `acs:oss:*:1234567890123456:${at(bucket, 'BucketName')}`;
  const wanted = {
    Effect: 'Deny',
    Principal: ['*'],
    Action: ['oss:*'],
    Resource: [name, `${name}/*`],
    Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
  };
  const asText = (value: unknown) => JSON.stringify(Object.entries(Object(value)).sort());
  return statementsAt(bucket, 'Policy').some((statement) => asText(statement) === asText(wanted));
}

function days(interval: unknown): number {
  return Number(/^(\d+)d$/.exec(String(interval))?.[1] ?? Number.NaN);
}
