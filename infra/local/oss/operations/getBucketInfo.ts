import { blocksPublicAccess } from '../buckets/public-access';
import { defaultResourceGroup } from '../buckets/resource-group';
import type { Bucket } from '../store/bucket';
import { bucketOf, type Operation } from '../store/operation';
import { children, parseXml, text, xmlDocument } from '../wire/xml';
import { bucketFacts } from './listBuckets';

/** GET /bucket?bucketInfo */
export const getBucketInfo: Operation = (oss, request) => {
  const bucket = bucketOf(oss, request);
  const accelerated = inSetting(
    bucket,
    'transferAcceleration',
    'TransferAccelerationConfiguration',
    'Enabled',
  );
  const xml = xmlDocument('BucketInfo', {
    Bucket: {
      AccessMonitor: inSetting(bucket, 'accessmonitor', 'AccessMonitorConfiguration', 'Status') ?? 'Disabled',
      ...bucketFacts(oss, bucket),
      DataRedundancyType: bucket.redundancy,
      CrossRegionReplication: 'Disabled',
      TransferAcceleration: accelerated === 'true' ? 'Enabled' : 'Disabled',
      ResourceGroupId: defaultResourceGroup(oss.accountId),
      Owner: { DisplayName: oss.accountId, ID: oss.accountId },
      AccessControlList: { Grant: bucket.acl },
      ServerSideEncryptionRule: encryption(bucket),
      BucketPolicy: logging(bucket),
      Comment: '',
      Versioning: bucket.versioning,
      BlockPublicAccess: blocksPublicAccess(bucket),
    },
  });
  return { status: 200, xml };
};

function inSetting({ settings }: Bucket, sub: string, root: string, name: string): string | undefined {
  const document = settings.get(sub);
  return document === undefined ? undefined : text(parseXml(document, root), name);
}

function encryption({ settings }: Bucket) {
  const document = settings.get('encryption');
  if (document === undefined) return { SSEAlgorithm: 'None' };
  const [rule = ''] = children(
    parseXml(document, 'ServerSideEncryptionRule'),
    'ApplyServerSideEncryptionByDefault',
  );
  return {
    SSEAlgorithm: text(rule, 'SSEAlgorithm'),
    KMSMasterKeyID: text(rule, 'KMSMasterKeyID'),
    KMSDataEncryption: text(rule, 'KMSDataEncryption'),
  };
}

function logging({ settings }: Bucket) {
  const document = settings.get('logging');
  const [enabled = ''] =
    document === undefined ? [] : children(parseXml(document, 'BucketLoggingStatus'), 'LoggingEnabled');
  return { LogBucket: text(enabled, 'TargetBucket') ?? '', LogPrefix: text(enabled, 'TargetPrefix') ?? '' };
}
