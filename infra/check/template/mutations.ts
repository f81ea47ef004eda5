/** One way to spoil a template: what is done to the value at a path, and what must be found then. */
export type Mutation =
  | [deed: 'set', path: string, value: unknown, finding: RegExp]
  | [deed: 'rename', path: string, name: string, finding: RegExp]
  | [deed: 'drop', path: string, finding: RegExp];

const vault = 'Resources.Vault.Properties';
const encrypt = 'Resources.EncryptPolicy.Properties.PolicyDocument';
const alert = 'Resources.OldestUnsealedAlarm.Properties.Detail';
const operator = 'Resources.OperatorPolicy.Properties.PolicyDocument';
const metric = 'Resources.DeadLetterAlarm.Properties';

/** The test of the test: of infra/template.yaml each of these must be found (and nothing in the file as it is). */
export const mutations: Mutation[] = [
  ['set', 'ROSTemplateFormatVersion', '2010-09-09', /ROSTemplateFormatVersion/],
  ['rename', 'Outputs', 'Output', /Output is not a field/],
  ['rename', 'Resources.Key.DeletionPolicy', 'DeletePolicy', /DeletePolicy is not a field/],
  ['set', 'Resources.Key.DeletionPolicy', 'Keep', /DeletionPolicy is not one of/],
  ['set', 'Resources.Inbox.DependsOn', 'AccessLog', /no resource AccessLog/],
  ['set', 'Resources.Key.Type', 'ALIYUN::KMS::Keys', /no type ALIYUN::KMS::Keys/],
  ['set', 'Resources.Key.Condition', 'MakesKeys', /no condition MakesKeys/],
  ['set', 'Parameters.Name.Type', 'Text', /Parameters.Name.Type is not one of/],
  ['set', 'Parameters.Name.Default', 'Oss_Envelope', /default does not fit/],
  ['set', 'Parameters.InboxBucket.Default', 'Oss-Envelope-Inbox', /default does not fit/],
  ['set', 'Parameters.ConditionOnContext.Default', false, /default is not a text/],
  ['drop', 'Parameters.OtherKeyId', /no parameter OtherKeyId/],
  ['drop', 'Conditions.HasKmsInstance', /no condition HasKmsInstance/],
  ['set', 'Parameters.Unused', { Type: 'String' }, /Parameters.Unused: nothing asks/],
  ['set', 'Conditions.Unused', { 'Fn::Equals': [1, 1] }, /Conditions.Unused: nothing asks/],

  ['rename', `${vault}.BucketName`, 'Name', /Name is no property/],
  ['drop', `${vault}.BucketName`, /bucketName: required but missing/],
  ['set', `${vault}.AccessControl`, 'Private', /doesn't exist in/],
  ['set', `${vault}.BlockPublicAccess`, 'true', /should be a boolean/],
  ['set', `${vault}.VersioningConfiguration.Status`, 'On', /doesn't exist in/],
  [
    'rename',
    `${vault}.VersioningConfiguration.Status`,
    'Enabled',
    /VersioningConfiguration.Enabled is no property/,
  ],
  ['set', `${vault}.ServerSideEncryptionConfiguration.SSEAlgorithm`, 'AES-256', /doesn't exist in/],
  ['set', `${vault}.ServerSideEncryptionConfiguration.kmsMasterKeyID`, 'k', /kmsMasterKeyID is no property/],
  ['rename', `${vault}.LifecycleConfiguration.Rule`, 'Rules', /Rules is no property/],
  ['set', `${vault}.LifecycleConfiguration.Rule.0.Status`, 'On', /doesn't exist in/],
  ['drop', `${vault}.LifecycleConfiguration.Rule.0.Prefix`, /prefix: required but missing/],
  ['set', `${vault}.LifecycleConfiguration.Rule.0.AbortMultipartUpload.Days`, '2', /should be a number/],
  ['set', `${vault}.LifecycleConfiguration.Rule`, { Prefix: '' }, /should be a list/],
  [
    'rename',
    `${vault}.LoggingConfiguration.TargetBucket`,
    'Bucket',
    /LoggingConfiguration.Bucket is no property/,
  ],
  ['set', `${vault}.Policy`, '{}', /Policy is not a map/],
  ['set', `${vault}.Tags`, [{ Key: 'app', Value: 'x' }], /Tags is not a map/],
  ['set', `${vault}.BucketName`, { 'Fn::Subb': 'x' }, /no function Fn::Subb/],
  ['set', `${vault}.BucketName`, { Ref: 'VaultsBucket' }, /no parameter VaultsBucket/],

  ['set', 'Resources.Key.Properties.KeySpec', 'AES_256', /KeySpec is not one of/],
  ['set', 'Resources.Key.Properties.RotationInterval', 365, /RotationInterval is not a time/],
  ['set', 'Resources.Key.Properties.PendingWindowInDays', 3, /PendingWindowInDays is not a whole number/],
  [
    'rename',
    'Resources.Key.Properties.DeletionProtection',
    'DeletionProtected',
    /DeletionProtected is not a field/,
  ],
  ['set', 'Resources.Alias.Properties.AliasName', 'oss-envelope', /AliasName is not a name/],
  ['drop', 'Resources.Alias.Properties.KeyId', /KeyId is missing/],
  ['set', 'Resources.Alias.Properties.KeyId', { 'Fn::GetAtt': ['Key', 'Arn'] }, /Key has no Arn/],
  ['set', 'Resources.DeadLetters.Properties.MessageRetentionPeriod', 2_592_000, /MessageRetentionPeriod/],
  ['set', 'Resources.DeadLetters.Properties.QueueName', 'dead_letter', /QueueName is not the name/],

  ['drop', 'Resources.EncryptRole.Properties.RoleName', /roleName: required but missing/],
  ['rename', 'Resources.EncryptRole.Properties.Description', 'Describe', /Describe is no property/],
  ['set', 'Resources.EncryptRole.Properties.MaxSessionDuration', 60, /less than min value/],
  [
    'drop',
    'Resources.EncryptRole.Properties.AssumeRolePolicyDocument.Version',
    /version: required but missing/,
  ],
  ['drop', `${encrypt}.Statement.0.Action`, /Action is missing/],
  ['rename', `${encrypt}.Statement.0.Action`, 'Actions', /Actions is no property/],
  ['set', `${encrypt}.Statement.0.Action.0`, 'GetObject', /is not an action/],
  ['set', `${encrypt}.Statement.0.Resource.0`, 'oss:inbox', /is not a resource/],
  ['set', `${encrypt}.Statement.0.Effect`, 'allow', /Effect is not one of/],
  [
    'set',
    `${encrypt}.Statement.0.Condition`,
    { StringMatch: { 'acs:SourceIp': 'x' } },
    /no condition operator/,
  ],
  ['set', `${encrypt}.Statement.0.Condition`, { Bool: { 'acs:Secure': 'true' } }, /condition key acs:Secure/],
  ['set', `${encrypt}.Version`, '2', /Version is not one of/],
  ['set', 'Resources.EncryptPolicy.Properties.Roles', 'oss-envelope-encrypt', /should be a list/],
  [
    'set',
    'Resources.EncryptPolicy.Properties.Roles.0',
    { 'Fn::GetAtt': ['Encrypt', 'RoleName'] },
    /no resource Encrypt$/,
  ],
  ['set', 'Resources.LogPolicy.Properties.PolicyName', 'x'.repeat(129), /larger than max value/],

  ['set', 'Resources.FunctionLogs.Properties.TTL', 0.5, /less than min value/],
  ['set', 'Resources.FunctionLogs.Properties.LogstoreName', 'a.b', /does not match the regular expression/],
  ['rename', 'Resources.FunctionLogs.Properties.TTL', 'Ttl', /Ttl is no property/],
  ['set', 'Resources.FunctionLogIndex.Properties.KeyIndices.0.Type', 'string', /doesn't exist in/],
  ['drop', 'Resources.FunctionLogIndex.Properties.FullTextIndex', /fullTextIndex: required but missing/],
  [
    'set',
    'Resources.DeadLetters.Properties.DlqPolicy',
    { Enabled: true },
    /DeadLetterTargetQueue is missing/,
  ],
  ['set', 'Resources.DeadLetters.Properties.Tags', { app: 'x' }, /Tags is not a list/],

  // What may not be there.
  [
    'set',
    `${vault}.LoggingConfiguration.TargetBucket`,
    { 'Fn::GetAtt': ['AccessLogs', 'Name'] },
    /AccessLogs is there on the condition MakesAccessLogs only/,
  ],
  [
    'set',
    `${vault}.LoggingConfiguration.TargetBucket`,
    { 'Fn::If': ['MakesAccessLogs', { Ref: 'AccessLogBucket' }, { 'Fn::GetAtt': ['AccessLogs', 'Name'] }] },
    /AccessLogs is there on the condition MakesAccessLogs only/,
  ],
  [
    'set',
    `${operator}.Statement.0.Resource.0`,
    { 'Fn::If': ['HasOtherKey', 'acs:fc:*:*:*', { Ref: 'ALIYUN::NoValue' }] },
    /NoValue is an item of a list/,
  ],
  ['set', `${operator}.Statement.0.Action.0`, { Ref: 'ALIYUN::NoValue' }, /NoValue is an item of a list/],
  ['set', 'Resources.Key.Properties.Description', { 'Fn::GetAtt': ['Inbox', 'Owner'] }, /Inbox has no Owner/],
  ['set', 'Resources.Key.DependsOn', 'Alias', /depend on each other: Key -> Alias/],
];

/** Of infra/alarms.yaml. */
export const alarmMutations: Mutation[] = [
  ['set', 'Resources.KeyAlarm.Condition', 'HasTrails', /no condition HasTrails/],
  ['drop', 'Parameters.ActionPolicy', /no parameter ActionPolicy/],
  ['drop', `${metric}.ContactGroups`, /contactGroups: required but missing/],
  ['set', `${metric}.Escalations.Critical.Threshold`, 0, /should be a string/],
  ['set', `${metric}.Escalations.Critical.ComparisonOperator`, '>', /doesn't exist in/],
  ['rename', `${metric}.Escalations.Critical`, 'Fatal', /Escalations.Fatal is no property/],
  ['set', `${metric}.NoDataPolicy`, 'Ok', /doesn't exist in/],
  ['drop', `${alert}.Configuration.QueryList`, /queryList: required but missing/],
  ['drop', `${alert}.Schedule.Type`, /type: required but missing/],
  ['rename', `${alert}.Configuration.Version`, 'Versions', /Configuration.Versions is no property/],
  ['drop', `${alert}.Configuration.SeverityConfigurations.0.Severity`, /severity: required but missing/],
  ['drop', `${alert}.Configuration.GroupConfiguration.Type`, /type: required but missing/],
];
