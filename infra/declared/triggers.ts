import { nextTime } from './cron';
import type { FunctionSpec, HttpTrigger, OssTrigger, TimerTrigger } from './function-spec';
import { at, checkKeys, isGiven, list, oneOf, type Place, text, truth, wrong } from './place';
import { roleArn } from './role-arn';

export type Triggers = {
  ossTriggers: OssTrigger[];
  timerTriggers: TimerTrigger[];
  httpTrigger?: HttpTrigger;
};
/** What a trigger looks at in a record of the OSS event. */
export type OssEventRecord = {
  eventName: string;
  oss: { bucket: { name: string }; object: { key: string } };
};

type Home = { accountId: string; region: string };

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;
const CREATED = [
  '*',
  'AppendObject',
  'CompleteMultipartUpload',
  'CopyObject',
  'InitiateMultipartUpload',
].concat(['PostObject', 'PutObject', 'PutSymlink', 'UploadPart', 'UploadPartCopy']);
const EVENTS = [
  ...CREATED.map((name) => `oss:ObjectCreated:${name}`),
  'oss:ObjectModified:UpdateObjectMeta',
  ...['*', 'AbortMultipartUpload', 'DeleteObject', 'DeleteObjects'].map(
    (name) => `oss:ObjectRemoved:${name}`,
  ),
];
const TRIGGER_KEYS = [
  'triggerName',
  'triggerType',
  'description',
  'qualifier',
  'sourceArn',
  'invocationRole',
];

/** The triggers of a function. Types other than oss, timer and http are refused: they would never fire here. */
export function readTriggers(place: Place, home: Home): Triggers {
  const triggers: Triggers = { ossTriggers: [], timerTriggers: [] };
  for (const trigger of isGiven(place) ? list(place) : []) {
    checkKeys(trigger, [...TRIGGER_KEYS, 'triggerConfig']);
    const type = oneOf(at(trigger, 'triggerType'), ['oss', 'timer', 'http']);
    if (type === 'oss') triggers.ossTriggers.push(readOssTrigger(trigger, home));
    if (type === 'timer') triggers.timerTriggers.push(readTimerTrigger(trigger));
    if (type !== 'http') continue;
    if (triggers.httpTrigger) throw wrong(trigger, 'is a second http trigger: a function has one');
    triggers.httpTrigger = readHttpTrigger(trigger);
  }
  return triggers;
}

/** Whether `record` fires the trigger: the same bucket, a named event, prefix and suffix of the key. */
export function triggerFires(
  { bucket, events, prefix, suffix }: OssTrigger,
  { eventName, oss }: OssEventRecord,
): boolean {
  if (oss.bucket.name !== bucket) return false;
  if (!events.some((event) => covers(event, `oss:${eventName}`))) return false;
  return oss.object.key.startsWith(prefix) && oss.object.key.endsWith(suffix);
}

/** OSS refuses two triggers of one bucket that one upload could both fire; so does a deployment here. */
export function refuseOverlaps(specs: FunctionSpec[]): void {
  const triggers = specs.flatMap(({ ossTriggers }) => ossTriggers);
  for (const [index, one] of triggers.entries()) {
    const other = triggers.slice(index + 1).find((trigger) => overlap(one, trigger));
    if (!other) continue;
    throw new Error(
      `Cannot deploy triggers ${one.name} and ${other.name}: Cannot specify overlapping prefix and suffix with same event type.`,
    );
  }
}

function overlap(one: OssTrigger, other: OssTrigger): boolean {
  if (one.bucket !== other.bucket) return false;
  if (!one.events.some((a) => other.events.some((b) => covers(a, b) || covers(b, a)))) return false;
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  return prefixes && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix));
}

function covers(pattern: string, event: string): boolean {
  return pattern === event || (pattern.endsWith(':*') && event.startsWith(pattern.slice(0, -1)));
}

function readOssTrigger(trigger: Place, { accountId, region }: Home): OssTrigger {
  const arnPrefix = `acs:oss:${region}:${accountId}:`;
  const role = at(trigger, 'invocationRole');
  const config = at(trigger, 'triggerConfig');
  checkKeys(config, ['events', 'filter']);
  checkKeys(at(config, 'filter'), ['key']);
  const key = at(at(config, 'filter'), 'key');
  checkKeys(key, ['prefix', 'suffix']);
  const prefix = text(at(key, 'prefix'));
  if (prefix.startsWith('/')) throw wrong(at(key, 'prefix'), 'begins with /: such a trigger never fires');
  const sourceArn = at(trigger, 'sourceArn');
  if (!text(sourceArn).startsWith(arnPrefix)) throw wrong(sourceArn, `does not begin with ${arnPrefix}`);
  return {
    name: text(at(trigger, 'triggerName')),
    bucket: text(sourceArn).slice(arnPrefix.length),
    events: list(at(config, 'events')).map((event) => oneOf(event, EVENTS)),
    prefix,
    suffix: text(at(key, 'suffix')),
    ...(isGiven(role) && { invocationRole: roleArn(text(role), accountId) }),
  };
}

function readTimerTrigger(trigger: Place): TimerTrigger {
  const config = at(trigger, 'triggerConfig');
  checkKeys(config, ['cronExpression', 'enable', 'payload']);
  const [cronExpression, payload] = [at(config, 'cronExpression'), at(config, 'payload')];
  try {
    nextTime(text(cronExpression), 0);
  } catch (error) {
    throw wrong(cronExpression, `is no time expression: ${(error as Error).message}`);
  }
  return {
    name: text(at(trigger, 'triggerName')),
    cronExpression: text(cronExpression),
    isEnabled: truth(at(config, 'enable')),
    payload: isGiven(payload) ? text(payload) : '',
  };
}

function readHttpTrigger(trigger: Place): HttpTrigger {
  const config = at(trigger, 'triggerConfig');
  checkKeys(config, ['authType', 'methods', 'disableURLInternet']);
  const authType = at(config, 'authType');
  if (authType.value !== 'anonymous' && authType.value !== 'function') {
    throw wrong(
      authType,
      `is ${String(authType.value)}: the local cloud checks "function" and lets "anonymous" in, no other`,
    );
  }
  const methods = list(at(config, 'methods')).map((method) => oneOf(method, METHODS));
  const disabled = at(config, 'disableURLInternet');
  return {
    name: text(at(trigger, 'triggerName')),
    authType: authType.value,
    methods,
    isInternetDisabled: isGiven(disabled) && truth(disabled),
  };
}
