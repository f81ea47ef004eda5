import { fields, listOf, oneOf, type Shape, text, wholeNumber } from '../../declared/shape';
import { type Content, xmlDocument } from '../oss/wire/xml';
import { type BucketPut, putBucket } from './oss-call';
import type { Make } from './services';

const anything: Shape<unknown> = (value) => value;
const days = fields({ Days: wholeNumber(1) });
const rule = fields(
  { Prefix: text(/^/) },
  { ID: text(), Status: oneOf('Enabled', 'Disabled'), Expiration: days, AbortMultipartUpload: days },
);
const corsRule = fields(
  { AllowedMethod: listOf(oneOf('GET', 'PUT', 'DELETE', 'POST', 'HEAD')), AllowedOrigin: listOf(text()) },
  { AllowedHeader: listOf(text()), ExposeHeader: listOf(text()), MaxAgeSeconds: wholeNumber(0) },
);
const shape = fields(
  { BucketName: text() },
  {
    AccessControl: oneOf('private', 'public-read', 'public-read-write'),
    BlockPublicAccess: oneOf(true, false),
    VersioningConfiguration: fields({ Status: oneOf('Enabled', 'Suspended') }),
    ServerSideEncryptionConfiguration: fields({ SSEAlgorithm: oneOf('AES256', 'KMS') }),
    LifecycleConfiguration: fields({ Rule: listOf(rule) }),
    CORSConfiguration: fields({ CORSRule: listOf(corsRule) }, { ResponseVary: oneOf(true, false) }),
    LoggingConfiguration: fields({ TargetBucket: text() }, { TargetPrefix: text() }),
    Policy: anything,
    Tags: anything,
  },
);
type Properties = ReturnType<typeof shape>;

/** ALIYUN::OSS::Bucket: PutBucket, then one call for each of its settings. */
export const makeBucket: Make = async ({ oss }, { properties, path }) => {
  const wanted = shape(properties, path);
  const { BucketName: bucket, AccessControl: acl = 'private' } = wanted;
  await putBucket(oss, { bucket, sub: '', headers: { 'x-oss-acl': acl } });
  for (const put of settingsOf(wanted)) await putBucket(oss, { bucket, ...put });
  return { Name: bucket };
};

/** In an order in which each is accepted: a policy for everybody is refused only where it allows something. */
function settingsOf(wanted: Properties): Omit<BucketPut, 'bucket'>[] {
  const { BlockPublicAccess, VersioningConfiguration, ServerSideEncryptionConfiguration } = wanted;
  const { LifecycleConfiguration, CORSConfiguration, LoggingConfiguration, Policy, Tags } = wanted;
  return [
    ...document(
      'publicAccessBlock',
      'PublicAccessBlockConfiguration',
      BlockPublicAccess !== undefined && { BlockPublicAccess },
    ),
    ...document('versioning', 'VersioningConfiguration', VersioningConfiguration),
    ...document(
      'encryption',
      'ServerSideEncryptionRule',
      ServerSideEncryptionConfiguration && {
        ApplyServerSideEncryptionByDefault: ServerSideEncryptionConfiguration,
      },
    ),
    ...document('lifecycle', 'LifecycleConfiguration', LifecycleConfiguration as Content | undefined),
    ...document('cors', 'CORSConfiguration', CORSConfiguration as Content | undefined),
    ...document(
      'logging',
      'BucketLoggingStatus',
      LoggingConfiguration && { LoggingEnabled: LoggingConfiguration },
    ),
    ...document('tagging', 'Tagging', Tags !== undefined && { TagSet: { Tag: tagsOf(Tags) } }),
    ...(Policy === undefined ? [] : [{ sub: 'policy', body: JSON.stringify(Policy) }]),
  ];
}

function document(sub: string, root: string, content: Content | undefined): Omit<BucketPut, 'bucket'>[] {
  if (content === undefined || content === false) return [];
  return [{ sub, body: xmlDocument(root, content) }];
}

function tagsOf(tags: unknown): Content[] {
  return Object.entries(Object(tags)).map(([Key, Value]) => ({ Key, Value: String(Value) }));
}
