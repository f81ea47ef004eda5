import { ANY, BUCKET, LOGSTORE, type Rule } from './rule';
import { at, type Built } from './world';

/** Of what stays, and for how long. */
export const keepingRules: Rule[] = [
  {
    named: 'ours: DeletionPolicy',
    says: 'what holds data or keys outlives the stack',
    type: /^ALIYUN::(KMS::(Key|Alias)|OSS::Bucket|MNS::Queue|SLS::(Project|Logstore))$/,
    keeps: ({ isRetained }) => isRetained,
    broken: [
      ['Resources.Key.DeletionPolicy', undefined],
      ['Resources.Vault.DeletionPolicy', 'Delete'],
      ['Resources.DeadLetters.DeletionPolicy', undefined],
    ],
  },
  {
    named: 'ours: what exists already',
    says: 'what outlives a stack can be left out of the next one',
    type: ANY,
    keeps: ({ isRetained, isOptional }) => isOptional || !isRetained,
    broken: [['Resources.Vault.Condition', undefined]],
  },
  {
    named: 'CIS 2.23, sls-logstore-ttl-configured',
    says: 'logs are kept for a year',
    type: LOGSTORE,
    keeps: (logstore) => Number(at(logstore, 'TTL')) >= 365,
    broken: [['Resources.FunctionLogs.Properties.TTL', 30]],
  },
  {
    named: 'ours: access logs',
    says: 'access logs are kept for a year',
    type: /^ALIYUN::OSS::Bucket$/,
    keeps: (bucket) => bucket.id !== 'AccessLogs' || mostDays(bucket, 'Expiration') >= 365,
    broken: [['Resources.AccessLogs.Properties.LifecycleConfiguration.Rule.0.Expiration.Days', 30]],
  },
  {
    named: 'ours: nothing in the vault expires',
    says: 'no rule deletes an object of the inbox or the vault',
    type: BUCKET,
    keeps: (bucket) => !['Inbox', 'Vault'].includes(bucket.id) || mostDays(bucket, 'Expiration') === 0,
    broken: [['Resources.Vault.Properties.LifecycleConfiguration.Rule.0.Expiration', { Days: 30 }]],
  },
  {
    named: 'ours: downloads end',
    says: 'plaintext of a download ends within a day, come what may',
    type: BUCKET,
    keeps: (bucket) => bucket.id !== 'Downloads' || mostDays(bucket, 'Expiration') === 1,
    broken: [
      ['Resources.Downloads.Properties.LifecycleConfiguration.Rule.1', undefined],
      ['Resources.Downloads.Properties.LifecycleConfiguration.Rule.1.Status', 'Disabled'],
    ],
  },
  {
    named: 'ours: stale uploads',
    says: 'the parts of an upload that nobody finishes go within a week',
    type: BUCKET,
    keeps: (bucket) => inAWeek(mostDays(bucket, 'AbortMultipartUpload')),
    broken: [['Resources.Inbox.Properties.LifecycleConfiguration', undefined]],
  },
  {
    named: 'CIS 2.20',
    says: 'somebody is told when the key is disabled or scheduled for deletion',
    type: /^ALIYUN::SLS::Alert$/,
    keeps: (alert) =>
      alert.id !== 'KeyAlarm' ||
      /DisableKey.*ScheduleKeyDeletion.*own/.test(JSON.stringify(at(alert, 'Detail'))),
    broken: [
      ['Resources.KeyAlarm.Properties.Detail.Configuration.QueryList.0.Query', 'event.eventName: DisableKey'],
    ],
  },
];

/** The most days after which an enabled rule for the whole bucket does this, 0 where none does. */
function mostDays(bucket: Built, deed: 'Expiration' | 'AbortMultipartUpload'): number {
  const rules = [at(bucket, 'LifecycleConfiguration.Rule') ?? []].flat().map(Object);
  const enabled = rules.filter(({ Status, Prefix }) => Status === 'Enabled' && Prefix === '');
  return Math.max(0, ...enabled.map((rule) => Number(rule[deed]?.Days ?? 0)));
}

function inAWeek(days: number): boolean {
  return days >= 1 && days <= 7;
}
