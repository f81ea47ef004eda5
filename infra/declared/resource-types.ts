import type { Attributes } from './template';

/** The resource types that the local cloud knows, and what each answers to Fn::GetAtt by its properties alone. */
export const TYPES: Record<string, Attributes> = {
  'ALIYUN::RAM::Role': {
    RoleName: named('RoleName'),
    Arn: ({ RoleName }, accountId) => `acs:ram::${accountId}:role/${RoleName}`,
  },
  'ALIYUN::RAM::ManagedPolicy': { PolicyName: named('PolicyName') },
  'ALIYUN::OSS::Bucket': { Name: named('BucketName') },
  // KeyId is known once the key is made.
  'ALIYUN::KMS::Key': {},
  'ALIYUN::KMS::Alias': {},
  'ALIYUN::MNS::Queue': { QueueName: named('QueueName') },
  // There is no log service and no monitoring here: what is declared of them is read and not made.
  'ALIYUN::SLS::Project': { Name: named('Name') },
  'ALIYUN::SLS::Logstore': { LogstoreName: named('LogstoreName'), ProjectName: named('ProjectName') },
  'ALIYUN::SLS::Index': {},
  'ALIYUN::SLS::Alert': {},
  'ALIYUN::CMS::Contact': { ContactName: named('ContactName') },
  'ALIYUN::CMS::ContactGroup': { ContactGroupName: named('ContactGroupName') },
  'ALIYUN::CMS::ResourceMetricRule': {},
};

function named(property: string): Attributes[string] {
  return (properties) => String(properties[property]);
}
