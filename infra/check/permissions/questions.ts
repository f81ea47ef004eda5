/** One line of questions.txt. */
export type Question = {
  who: string;
  action: string;
  /** Of a resource; its names in braces are put in by `subject`. */
  on: string;
  may: boolean;
  /** Parameters of the template. */
  parameters: Record<string, string>;
  /** Condition keys of the request. */
  conditions: Record<string, string>;
};

/** Reads the table. Throws an Error with the number of the line that is none. */
export function readQuestions(text: string): Question[] {
  const lines = text.split('\n').map((line, index) => [line.trim(), index + 1] as const);
  return lines
    .filter(([line]) => line !== '' && !line.startsWith('#'))
    .map(([line, at]) => readLine(line, at));
}

function readLine(line: string, at: number): Question {
  const [who, action, on, may, ...given] = line.split(/\s+/);
  if (!who || !action || !on || (may !== 'yes' && may !== 'no')) throw new Error(`line ${at} is no question`);
  const pairs = given.map((pair): [string, string] => {
    const [name = '', value = ''] = pair.split('=');
    return [name, value];
  });
  const isKey = ([name]: [string, string]) => name.includes(':');
  return {
    who,
    action,
    on,
    may: may === 'yes',
    parameters: Object.fromEntries(pairs.filter((pair) => !isKey(pair))),
    conditions: Object.fromEntries(pairs.filter(isKey)),
  };
}

const [ACCOUNT, REGION] = ['1234567890123456', 'cn-hangzhou'];
const oss = (bucket: string) => `acs:oss:*:${ACCOUNT}:${bucket}`;
const regional = (service: string, rest: string) => `acs:${service}:${REGION}:${ACCOUNT}:${rest}`;

/** Where the questions are asked, and the id of the key there. */
export const HOME = { accountId: ACCOUNT, region: REGION, keyId: 'own' };

const NAMES: Record<string, string> = {
  inbox: oss('oss-envelope-inbox'),
  inboxCopy: oss('oss-envelope-inbox-copy'),
  vault: oss('oss-envelope-vault'),
  downloads: oss('oss-envelope-downloads'),
  accessLogs: oss('oss-envelope-access-logs'),
  other: oss('another-bucket'),
  key: regional('kms', `key/${HOME.keyId}`),
  otherKey: regional('kms', 'key/other'),
  alias: regional('kms', 'alias/oss-envelope'),
  queue: regional('mns', '/queues/oss-envelope-dead-letter'),
  otherQueue: regional('mns', '/queues/another'),
  logs: regional('log', `project/oss-envelope-${ACCOUNT}/logstore/functions`),
  fc: regional('fc', 'functions/oss-envelope'),
  otherFunction: regional('fc', 'functions/another'),
  stack: regional('ros', 'stack/0a1b'),
  role: `acs:ram::${ACCOUNT}:role/oss-envelope`,
  otherRole: `acs:ram::${ACCOUNT}:role/another`,
};

/** The resource that a question is about. Throws for a name that there is not. */
export function subject(on: string): string {
  return on.replace(/\{(\w+)\}/g, (_, name: string) => {
    const arn = NAMES[name];
    if (arn === undefined) throw new Error(`{${name}} is no name of a resource`);
    return arn;
  });
}
