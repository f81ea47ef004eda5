import { fields, listOf, oneOf, type Shape, text, wholeNumber } from '../../declared/shape';
import { isFunction } from './is-function';
import type { Schema } from './schema';

type Shapes = Record<string, Shape<unknown>>;
type Table = { required: Shapes; optional: Shapes; attributes: string[] };

const truth = oneOf(true, false);
const tags = listOf(fields({ Key: text() }, { Value: text(/^/) }));

/**
 * ROS docs, "ALIYUN::KMS::Key", "ALIYUN::KMS::Alias" and "ALIYUN::MNS::Queue": @alicloud/ros-cdk-kms and -mns are not in
 * every npm registry. As of 1.15.0, which test/interop/ros-schemas.sh compares on PyPI.
 * @public
 */
export const TABLES: Record<string, Table> = {
  'ALIYUN::KMS::Key': {
    required: {},
    optional: {
      Description: text(/^.{0,8192}$/s),
      DKMSInstanceId: text(),
      DeletionProtection: truth,
      Enable: truth,
      EnableAutomaticRotation: truth,
      KeySpec: oneOf('Aliyun_AES_256', 'Aliyun_SM4', 'RSA_2048', 'EC_P256', 'EC_P256K', 'EC_SM2'),
      KeyUsage: oneOf('ENCRYPT/DECRYPT', 'SIGN/VERIFY'),
      PendingWindowInDays: wholeNumber(7, 366),
      Policy: map,
      ProtectionLevel: oneOf('SOFTWARE', 'HSM'),
      RotationInterval: text(/^\d+[dhms]$/, 'a time such as 365d'),
      Tags: tags,
    },
    attributes: ['KeyId'],
  },
  'ALIYUN::KMS::Alias': {
    required: { AliasName: text(/^alias\/[\w/-]{1,255}$/, 'a name that begins with alias/'), KeyId: text() },
    optional: {},
    attributes: [],
  },
  'ALIYUN::MNS::Queue': {
    required: { QueueName: text(/^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/, 'the name of a queue') },
    optional: {
      DelaySeconds: wholeNumber(0, 604_800),
      DlqPolicy: fields({ DeadLetterTargetQueue: text(), Enabled: truth, MaxReceiveCount: wholeNumber(1) }),
      LoggingEnabled: truth,
      MaximumMessageSize: wholeNumber(1024, 65_536),
      MessageRetentionPeriod: wholeNumber(60, 604_800),
      PollingWaitSeconds: wholeNumber(0, 30),
      Tags: tags,
      VisibilityTimeout: wholeNumber(1, 43_200),
    },
    attributes: ['ARN.WithSlash', 'QueueName', 'QueueUrl'],
  },
};

export const supplement: [type: string, Schema][] = Object.entries(TABLES).map(([type, table]) => [
  type,
  { attributes: table.attributes, findings: findingsBy(table) },
]);

function findingsBy({ required, optional }: Table): Schema['findings'] {
  const shape = fields(withFunctions(required), withFunctions(optional));
  return (properties) => {
    try {
      shape(properties ?? {}, '');
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  };
}

function withFunctions(shapes: Shapes): Shapes {
  const entries = Object.entries(shapes).map(([name, shape]): [string, Shape<unknown>] => [
    name,
    (value, path) => (isFunction(value) ? value : shape(value, path)),
  ]);
  return Object.fromEntries(entries);
}

function map(value: unknown, path: string): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`${path} is not a map`);
}
