import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readFunctions } from '../infra/declared/functions';
import type { Call } from '../infra/local/gateway/hooks';
import { OssError } from '../infra/local/oss/wire/errors';
import { readRoles } from '../infra/local/ram/roles';
import { INBOX } from '../infra/run/deployment';
import {
  ask,
  type Bench,
  deployBench,
  eventOf,
  invoke,
  invokeLater,
  lettersOf,
  opened,
  PART,
  put,
  redeploy,
  type Uploaded,
  unfinishedIn,
  upload,
  versionsOf,
} from './deployment';
import { type Answer, get, pathOf, plaintextsOf, post } from './functions/decrypt/asking';
import { startWire } from './wire';

const TEMPLATE = 'infra/template.yaml';
const [ENCRYPT, SWEEP] = ['oss-envelope-encrypt', 'oss-envelope-sweep'];

let bench: Bench;
let wire: Awaited<ReturnType<typeof startWire>>;
let folder: string;
let template: string;
const small = randomBytes(1000);
const large = randomBytes(PART + 1);
const contents = { small, large, tagged: small, denied: large, pending: large, wrong: small };
type Opened = keyof typeof contents;
const DAY_AND_MORE = 26 * 3_600_000;
const TAGGED = { 'x-oss-tagging': 'project=x' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oss-envelope-journeys-'));
  template = join(folder, 'template.yaml');
  await writeFile(template, stringify(await wholeTemplate()));
  bench = await deployBench({ template });
  wire = await startWire(bench.cloud.oss.port);
  const endpoint = `http://oss-${bench.cloud.region}-internal.localhost:${wire.port}`;
  // No sweep but those below.
  const edit = (sYaml: string) => sYaml.replace('enable: true', 'enable: false');
  await redeploy(bench, { env: { ENVELOPE_OSS_ENDPOINT: endpoint }, edit });
  await putEarly();
  await Promise.all(Object.keys(contents).map((key) => prepare(key as Opened)));
  disturb();
});
afterAll(async () => {
  await bench.close();
  wire.close();
  await rm(folder, { recursive: true });
});

/** Uploads of before versioning was enabled, one for each time that sealing is tried. */
const early: Uploaded[] = [];
async function putEarly(): Promise<void> {
  const times = allowed.filter(([policy]) => without[policy] === trySealing).length + 2;
  await bench.inbox.putBucketVersioning(INBOX, 'Suspended');
  for (let time = 0; time < times; time++) early.push(await put(bench, `early ${time}`, small));
  await bench.inbox.putBucketVersioning(INBOX, 'Enabled');
}

/** Under which name the plaintext of each lies in the downloads bucket. */
const names = new Map<Opened, string>();
async function prepare(key: Opened): Promise<void> {
  await upload(bench, key, contents[key], key === 'tagged' ? TAGGED : {});
  const { url = '' } = (await ask(bench, { key })).json;
  names.set(key, new URL(url).pathname.slice(1));
}

let round = 0;
let lookedUp: Promise<Answer> | undefined;
let isAnsweredWrongly = false;

/** What keeps some journeys from being the shortest ones. */
function disturb(): void {
  bench.fail.before = async ({ operation, key = '' }: Call) => {
    if (operation !== 'UploadPart') return undefined;
    if (key === names.get('denied') || key.startsWith('give up')) throw new OssError('AccessDenied');
    if (key !== names.get('pending')) return undefined;
    lookedUp ??= get(bench, `/downloads/${pendingId()}`);
    await lookedUp.catch(() => undefined);
    return undefined;
  };
  wire.tamper.answer = (headers, { method, url = '' }) => {
    const isFirst = method === 'PUT' && url === `/${names.get('wrong')}` && !isAnsweredWrongly;
    isAnsweredWrongly ||= isFirst;
    return isFirst ? { ...headers, 'x-oss-hash-crc64ecma': '1' } : headers;
  };
}

const pendingId = () => `looked-up-in-round-${round}`;

/** Each throws when it cannot be made. */
type Journeys = Record<string, (key: string) => Promise<unknown>>;

const sealing: Journeys = {
  async 'seal one part'(key) {
    await upload(bench, key, small);
    await isSealed(key);
  },
  async 'seal many parts'(key) {
    await upload(bench, key, large);
    await isSealed(key);
  },
  async 'seal what is tagged'(key) {
    await upload(bench, key, small, TAGGED);
    await isSealed(key);
  },
  async 'seal what was there before versioning'() {
    const uploaded = early.pop() ?? expect.fail('none is left');
    await invoke(bench, ENCRYPT, eventOf(uploaded));
    await isSealed(uploaded.key);
  },
  async 'cover what hides an envelope'(key) {
    const [older, newer] = [await put(bench, key, small), await put(bench, key, large)];
    await invoke(bench, ENCRYPT, eventOf(newer));
    const [envelope] = await versionsOf(bench.vault, key);
    await bench.vault.put(key, Buffer.from('hides it'), {});
    await invoke(bench, ENCRYPT, eventOf(older));
    const [top] = await versionsOf(bench.vault, key);
    expect(await checksumOf(key, top?.versionId)).toBe(await checksumOf(key, envelope?.versionId));
  },
  async 'give up sealing'(key) {
    await upload(bench, key, large);
    expect(bench.calls).toContainEqual(expect.objectContaining({ operation: 'AbortMultipartUpload', key }));
    expect(await unfinishedIn(bench.vault)).not.toContain(key);
    expect(lettersOf(bench, key)).toHaveLength(1);
  },
};

const opening: Journeys = {
  'open one part': () => isOpened('small'),
  'open many parts': () => isOpened('large'),
  'open what is tagged': () => isOpened('tagged'),
  async 'give up opening'() {
    const [before, unfinished] = [bench.calls.length, await unfinishedOf('denied')];
    expect((await post(bench, { key: 'denied' })).json.code).toBe('oss-refused');
    const aborted = { operation: 'AbortMultipartUpload', key: names.get('denied') };
    expect(bench.calls.slice(before)).toContainEqual(expect.objectContaining(aborted));
    expect(await unfinishedOf('denied')).toBe(unfinished);
  },
  async 'look up what is being opened'() {
    await post(bench, { key: 'pending', id: pendingId() });
    expect((await lookedUp)?.json.state).toBe('pending');
  },
  async 'remove what OSS has stored wrongly'() {
    await isOpened('wrong');
    expect(isAnsweredWrongly).toBe(true);
  },
  async 'list the versions of an envelope'() {
    expect((await get(bench, `${pathOf('envelopes', 'small')}?versions`)).status).toBe(200);
  },
};

async function isOpened(key: Opened): Promise<void> {
  expect((await opened(bench, key)).equals(contents[key])).toBe(true);
}

async function unfinishedOf(key: Opened): Promise<number> {
  return (await unfinishedIn(bench.downloads)).filter((name) => name === names.get(key)).length;
}

/** What a sweep finds a day later: each is arranged before it, and looked for after it. */
const finds: Record<string, { arrange: Journeys[string]; look: Journeys[string] }> = {
  'sweep an upload without an event': {
    arrange: (key) => put(bench, key, small),
    look: isSealed,
  },
  'sweep a delete marker': {
    arrange: (key) => bench.inbox.deleteMulti([key], { quiet: true }),
    look: async (key) => expect(await versionsOf(bench.inbox, key)).toEqual([]),
  },
  'sweep a stale upload of the vault': {
    arrange: (key) => bench.vault.initMultipartUpload(key, {}),
    look: async (key) => expect(await unfinishedIn(bench.vault)).not.toContain(key),
  },
  'sweep a stale upload of the downloads': {
    arrange: (key) => bench.downloads.initMultipartUpload(key, {}),
    look: async (key) => expect(await unfinishedIn(bench.downloads)).not.toContain(key),
  },
  'sweep an expired download': {
    arrange: (key) => bench.downloads.put(key, small, {}),
    look: async (key) => expect(await versionsOf(bench.downloads, key)).toEqual([]),
  },
  'tell of a sweep that failed': {
    arrange: async () => undefined,
    look: async (key) => {
      await invokeLater(bench, SWEEP, JSON.stringify({ [key]: true }));
      expect(lettersOf(bench, key)).toHaveLength(1);
    },
  },
};

async function isSealed(key: string): Promise<void> {
  expect(await versionsOf(bench.vault, key)).toHaveLength(1);
  expect(await versionsOf(bench.inbox, key)).toEqual([]);
}

async function checksumOf(key: string, versionId = ''): Promise<string | undefined> {
  const { res } = await bench.vault.head(key, { subres: { versionId } });
  return res.headers['x-oss-hash-crc64ecma'];
}

/** The journeys that cannot be made. */
async function broken(journeys: Journeys): Promise<string[]> {
  round++;
  const tried = Object.entries(journeys).map(async ([name, go]) => {
    const isMade = await go(`${name} ${round}`).then(
      () => true,
      () => false,
    );
    return isMade ? [] : [name];
  });
  return (await Promise.all(tried)).flat();
}

const trySealing = () => broken(sealing);

async function tryOpening(): Promise<string[]> {
  const before = await plaintextsOf(bench);
  if (before.length > 0) await bench.downloads.deleteMulti(before, { quiet: true });
  lookedUp = undefined;
  isAnsweredWrongly = false;
  return broken(opening);
}

/** The same, of what a sweep finds. */
async function trySweeping(): Promise<string[]> {
  const at = round;
  const journeys = (step: 'arrange' | 'look') =>
    Object.fromEntries(
      Object.entries(finds).map(([name, find]) => [name, () => find[step](`${name} ${at}`)]),
    );
  await bench.cloud.clock.advance(-DAY_AND_MORE);
  await broken(journeys('arrange'));
  await bench.cloud.clock.advance(DAY_AND_MORE);
  await invoke(bench, SWEEP, '{"all":true}');
  await bench.cloud.idle();
  return broken(journeys('look'));
}

const without: Record<string, () => Promise<string[]>> = {
  EncryptPolicy: trySealing,
  TriggerPolicy: trySealing,
  DecryptPolicy: tryOpening,
  SweepPolicy: trySweeping,
};

type Document = { Statement: { Action: string[]; Resource: { 'Fn::Sub': string }[] }[] };
type Resources = Record<
  string,
  { Type: string; Properties: { PolicyDocument: Document; LifecycleConfiguration?: unknown } }
>;

/** infra/template.yaml without the rules that would do after days what the sweep is to do. */
async function wholeTemplate(): Promise<{ Resources: Resources }> {
  const whole = parse(await readFile(TEMPLATE, 'utf8')) as { Resources: Resources };
  for (const { Properties } of Object.values(whole.Resources)) delete Properties.LifecycleConfiguration;
  return whole;
}

async function attachWithout(policy: string, statement: number, action: string): Promise<void> {
  const whole = await wholeTemplate();
  const document = whole.Resources[policy]?.Properties.PolicyDocument;
  const { Action = [] } = document?.Statement[statement] ?? {};
  expect(Action).toContain(action);
  Action.splice(Action.indexOf(action), 1);
  if (Action.length === 0) document?.Statement.splice(statement, 1);
  await writeFile(template, stringify(whole));
  await bench.cloud.attach(bench.stack.parameters);
}

describe('infra/template.yaml', () => {
  const policies = async () => {
    const { Resources } = parse(await readFile(TEMPLATE, 'utf8')) as { Resources: Resources };
    const named = Object.entries(Resources).filter(([id]) => Object.hasOwn(without, id));
    return named.flatMap(([policy, { Properties }]) =>
      Properties.PolicyDocument.Statement.map((statement, index) => ({ policy, index, ...statement })),
    );
  };

  test('spells every action and every resource out', async () => {
    const own = /^acs:oss:\*:\$\{ALIYUN::TenantId\}:\$\{\w+Bucket\}(\/\*)?$/;
    const one = /^acs:(kms|fc|mns):\$\{ALIYUN::Region\}:\$\{ALIYUN::TenantId\}:[^*?]+$/;
    for (const { Action, Resource } of await policies()) {
      for (const action of Action) expect(action).toMatch(/^[a-z]+:[A-Za-z]+$/);
      for (const { 'Fn::Sub': arn } of Resource) expect(own.test(arn) || one.test(arn), arn).toBe(true);
    }
  });

  test('declares every role that s.yaml names', async () => {
    const [accountId, region] = ['1234567890123456', 'cn-hangzhou'];
    const env = { ...bench.env };
    const infos = { infra: bench.stack.outputs };
    const functions = await readFunctions('s.yaml', { env, accountId, infos });
    const used = functions.flatMap(({ role, ossTriggers }) => [
      role,
      ...ossTriggers.map((one) => one.invocationRole),
    ]);
    const made = () => ({ KeyId: 'k' });
    const declared = readRoles(await readFile(TEMPLATE, 'utf8'), { accountId, region, made });
    expect(used.filter(Boolean).sort()).toEqual(declared.map(({ arn }) => arn).sort());
  });

  test('allows no action that is left out below', async () => {
    const inTemplate = (await policies()).flatMap(({ policy, index, Action }) =>
      Action.map((one) => [policy, index, one]),
    );
    expect(allowed.map(([policy, statement, action]) => [policy, statement, action])).toEqual(inTemplate);
  });
});

const seals = Object.keys(sealing);
const opens = Object.keys(opening).slice(0, -1);
const LIST = 'list the versions of an envelope';
const LOST = 'sweep an upload without an event';

/** Every action that a policy allows, by statement, and the journeys that need it. */
const allowed: [policy: string, statement: number, action: string, journeys: string[]][] = [
  ['EncryptPolicy', 0, 'oss:GetObject', seals],
  ['EncryptPolicy', 0, 'oss:GetObjectVersion', ['seal many parts', 'cover what hides an envelope']],
  ['EncryptPolicy', 0, 'oss:GetObjectTagging', ['seal what is tagged']],
  ['EncryptPolicy', 0, 'oss:GetObjectVersionTagging', ['seal what is tagged']],
  ['EncryptPolicy', 0, 'oss:DeleteObjectVersion', seals.slice(0, 4)],
  ['EncryptPolicy', 1, 'oss:ListObjectVersions', seals],
  ['EncryptPolicy', 1, 'oss:GetBucketVersioning', ['seal what was there before versioning']],
  ['EncryptPolicy', 2, 'oss:PutObject', seals],
  ['EncryptPolicy', 2, 'oss:AbortMultipartUpload', ['give up sealing']],
  ['EncryptPolicy', 2, 'oss:GetObject', ['cover what hides an envelope']],
  ['EncryptPolicy', 2, 'oss:GetObjectVersion', ['cover what hides an envelope']],
  ['EncryptPolicy', 3, 'oss:ListObjectVersions', ['cover what hides an envelope']],
  ['EncryptPolicy', 4, 'kms:GenerateDataKey', seals],
  ['EncryptPolicy', 5, 'mns:SendMessage', ['give up sealing']],
  ['DecryptPolicy', 0, 'oss:GetObject', opens],
  ['DecryptPolicy', 0, 'oss:GetObjectVersion', ['open many parts', 'look up what is being opened']],
  ['DecryptPolicy', 1, 'oss:ListObjectVersions', [LIST]],
  ['DecryptPolicy', 2, 'oss:PutObject', opens],
  ['DecryptPolicy', 2, 'oss:PutObjectTagging', ['open what is tagged']],
  ['DecryptPolicy', 2, 'oss:GetObject', opens],
  ['DecryptPolicy', 2, 'oss:AbortMultipartUpload', ['give up opening']],
  ['DecryptPolicy', 2, 'oss:ListParts', ['look up what is being opened']],
  ['DecryptPolicy', 2, 'oss:DeleteObject', ['remove what OSS has stored wrongly']],
  ['DecryptPolicy', 3, 'kms:Decrypt', opens],
  ['SweepPolicy', 0, 'oss:ListObjectVersions', [LOST, 'sweep a delete marker']],
  ['SweepPolicy', 1, 'oss:DeleteObjectVersion', ['sweep a delete marker']],
  ['SweepPolicy', 2, 'oss:ListMultipartUploads', ['sweep a stale upload of the vault']],
  ['SweepPolicy', 3, 'oss:AbortMultipartUpload', ['sweep a stale upload of the vault']],
  ['SweepPolicy', 4, 'oss:ListObjects', ['sweep an expired download']],
  ['SweepPolicy', 4, 'oss:ListMultipartUploads', ['sweep a stale upload of the downloads']],
  ['SweepPolicy', 5, 'oss:DeleteObject', ['sweep an expired download']],
  ['SweepPolicy', 5, 'oss:AbortMultipartUpload', ['sweep a stale upload of the downloads']],
  ['SweepPolicy', 6, 'fc:InvokeFunction', [LOST]],
  ['SweepPolicy', 7, 'mns:SendMessage', ['tell of a sweep that failed']],
  ['TriggerPolicy', 0, 'fc:InvokeFunction', seals.filter((name) => !/before|cover/.test(name))],
];

test.each(Object.entries(without))('with %s as it is every journey can be made', async (_, journeys) => {
  expect(await journeys()).toEqual([]);
});

describe('without one action that is allowed, exactly the journeys that need it break', () => {
  test.each(allowed)('%s %i %s', async (policy, statement, action, needing) => {
    await attachWithout(policy, statement, action);
    expect(await without[policy]?.()).toEqual(needing);
  });
});
