import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { DEAD_LETTERS, parametersOf } from '../cli/local-deployment';
import { readFunctions } from '../infra/local/fc/s-yaml';
import { OssError } from '../infra/local/oss/errors';
import { readRoles } from '../infra/local/ram/roles';
import {
  ask,
  type Bench,
  bytesAt,
  deployBench,
  lastLine,
  PART,
  unfinishedIn,
  upload,
  versionsOf,
} from './deployment';

const TEMPLATE = 'infra/template.yaml';

let bench: Bench;
let folder: string;
let template: string;
const small = randomBytes(1000);
const large = randomBytes(PART + 1);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-journeys-'));
  template = join(folder, 'template.yaml');
  await copyFile(TEMPLATE, template);
  bench = await deployBench({ template });
  await upload(bench, 'small', small);
  await upload(bench, 'large', large);
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

/** Each throws when it cannot be made. */
const journeys: Record<string, (key: string) => Promise<void>> = {
  async 'seal one part'(key) {
    await upload(bench, key, small, { 'x-oss-tagging': 'project=x' });
    await isSealed(key);
  },
  async 'seal many parts'(key) {
    await upload(bench, key, large);
    await isSealed(key);
  },
  async 'give up sealing'(key) {
    await whileNoPartIsStored(() => upload(bench, key, large));
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', key });
    expect(callsOf('AbortMultipartUpload', key)).toBeGreaterThan(0);
    expect(await unfinishedIn(bench.vault)).not.toContain(key);
    expect(bench.cloud.mns.peek(DEAD_LETTERS).at(-1)?.body).toContain(key);
  },
  async 'open one part'() {
    expect((await opened('small')).equals(small)).toBe(true);
  },
  async 'open many parts'() {
    expect((await opened('large')).equals(large)).toBe(true);
  },
  async 'give up opening'() {
    const before = await unfinishedIn(bench.downloads);
    await whileNoPartIsStored(() => ask(bench, { key: 'large' }));
    expect(callsOf('AbortMultipartUpload')).toBeGreaterThan(0);
    expect(await unfinishedIn(bench.downloads)).toEqual(before);
  },
};

async function isSealed(key: string): Promise<void> {
  expect(await versionsOf(bench.vault, key)).toHaveLength(1);
  expect(await versionsOf(bench.inbox, key)).toEqual([]);
}

async function opened(key: string): Promise<Buffer> {
  const { json } = await ask(bench, { key });
  return bytesAt(json.url ?? '');
}

async function whileNoPartIsStored(action: () => Promise<unknown>): Promise<void> {
  bench.calls.length = 0;
  bench.fail.before = ({ operation }) => {
    if (operation === 'UploadPart') throw new OssError('AccessDenied');
  };
  await action();
  bench.fail.before = undefined;
}

function callsOf(operation: string, key?: string): number {
  return bench.calls.filter((call) => call.operation === operation && call.key === (key ?? call.key)).length;
}

/** The journeys that cannot be made. */
async function broken(): Promise<string[]> {
  const names: string[] = [];
  for (const [name, go] of Object.entries(journeys)) {
    await go(`${name} ${bench.reports.length}`).catch(() => names.push(name));
  }
  return names;
}

type Document = { Statement: { Action: string[]; Resource: { 'Fn::Sub': string }[] }[] };
type Resources = Record<string, { Type: string; Properties: { PolicyDocument: Document } }>;

async function attachWithout(policy: string, statement: number, action: string): Promise<void> {
  const whole = parse(await readFile(TEMPLATE, 'utf8')) as { Resources: Resources };
  const document = whole.Resources[policy]?.Properties.PolicyDocument;
  const { Action = [] } = document?.Statement[statement] ?? {};
  expect(Action).toContain(action);
  Action.splice(Action.indexOf(action), 1);
  if (Action.length === 0) document?.Statement.splice(statement, 1);
  await writeFile(template, stringify(whole));
  await bench.cloud.attach(parametersOf(bench.env.KMS_KEY_ARNS ?? ''));
}

describe('infra/template.yaml', () => {
  const policies = async () => {
    const { Resources } = parse(await readFile(TEMPLATE, 'utf8')) as { Resources: Resources };
    const named = Object.entries(Resources).filter(([, { Type }]) => Type === 'ALIYUN::RAM::ManagedPolicy');
    return named.flatMap(([policy, { Properties }]) =>
      Properties.PolicyDocument.Statement.map((statement, index) => ({ policy, index, ...statement })),
    );
  };

  test('spells every action and every resource out', async () => {
    const own = /^acs:oss:\*:\$\{ALIYUN::TenantId\}:\$\{\w+Bucket\}\/\*$/;
    const one = /^acs:(kms|fc|mns):\$\{ALIYUN::Region\}:\$\{ALIYUN::TenantId\}:[^*?]+$/;
    for (const { Action, Resource } of await policies()) {
      for (const action of Action) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
      for (const { 'Fn::Sub': arn } of Resource) expect(own.test(arn) || one.test(arn), arn).toBe(true);
    }
  });

  test('declares every role that s.yaml names', async () => {
    const [accountId, region] = ['1234567890123456', 'cn-hangzhou'];
    const env = { ...bench.env };
    const functions = await readFunctions('s.yaml', { env, accountId });
    const used = functions.flatMap(({ role, ossTriggers }) => [
      role,
      ...ossTriggers.map((one) => one.invocationRole),
    ]);
    const parameters = parametersOf(bench.env.KMS_KEY_ARNS ?? '');
    const declared = readRoles(await readFile(TEMPLATE, 'utf8'), { accountId, region, parameters });
    expect(used.filter(Boolean).sort()).toEqual(declared.map(({ arn }) => arn).sort());
  });

  test('allows no action that is left out below', async () => {
    const inTemplate = (await policies()).flatMap(({ policy, index, Action }) =>
      Action.map((one) => [policy, index, one]),
    );
    expect(allowed.map(([policy, statement, action]) => [policy, statement, action])).toEqual(inTemplate);
  });
});

const seals = ['seal one part', 'seal many parts', 'give up sealing'];
const opens = ['open one part', 'open many parts', 'give up opening'];

/** Every action that a policy allows, by statement, and the journeys that need it. */
const allowed: [policy: string, statement: number, action: string, journeys: string[]][] = [
  ['EncryptPolicy', 0, 'oss:GetObject', seals],
  ['EncryptPolicy', 0, 'oss:GetObjectVersion', ['seal one part', 'seal many parts']],
  ['EncryptPolicy', 0, 'oss:GetObjectTagging', ['seal one part']],
  ['EncryptPolicy', 0, 'oss:GetObjectVersionTagging', ['seal one part']],
  ['EncryptPolicy', 0, 'oss:DeleteObjectVersion', ['seal one part', 'seal many parts']],
  ['EncryptPolicy', 1, 'oss:PutObject', seals],
  ['EncryptPolicy', 1, 'oss:AbortMultipartUpload', ['give up sealing']],
  ['EncryptPolicy', 2, 'kms:GenerateDataKey', seals],
  ['EncryptPolicy', 3, 'mns:SendMessage', ['give up sealing']],
  ['DecryptPolicy', 0, 'oss:GetObject', opens],
  ['DecryptPolicy', 0, 'oss:GetObjectVersion', ['open many parts']],
  ['DecryptPolicy', 1, 'oss:PutObject', opens],
  ['DecryptPolicy', 1, 'oss:GetObject', ['open one part', 'open many parts']],
  ['DecryptPolicy', 1, 'oss:AbortMultipartUpload', ['give up opening']],
  ['DecryptPolicy', 2, 'kms:Decrypt', opens],
  ['TriggerPolicy', 0, 'fc:InvokeFunction', seals],
];

test('every journey can be made with what infra/template.yaml allows', async () => {
  expect(await broken()).toEqual([]);
});

describe('without one action that is allowed, exactly the journeys that need it break', () => {
  test.each(allowed)('%s %i %s', async (policy, statement, action, needing) => {
    await attachWithout(policy, statement, action);
    expect(await broken()).toEqual(needing);
  });
});
