import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARTS, type Part } from '../../cli/commands/doctor/acts';
import type { Patient } from '../../cli/commands/doctor/check';
import { differences } from '../../cli/commands/doctor/differences';
import { envelopeKeysCheck } from '../../cli/commands/doctor/envelope-keys';
import { declaredFor, examineAll } from '../../cli/commands/doctor/examination';
import { permissionChecks } from '../../cli/commands/doctor/permissions';
import { createSession, type Session } from '../../cli/session/session';
import { kmsClient, kmsRuntime } from '../../functions/cloud/kms-client';
import { components } from '../../functions/decrypt/openapi.json';
import { parseHeader, rewriteHeader } from '../../functions/envelope/header';
import { putBucket } from '../../infra/local/ros/oss-call';
import { DOWNLOADS, INBOX, VAULT } from '../../infra/run/deployment';
import { localCloudOf } from '../../infra/run/running';
import { type Bench, deployBench, invokeLater, PART, put, redeploy, upload } from '../deployment';
import { startProxy } from '../proxy';
import { linesOf, localOptions, optionsAt, ossEnvelope } from './command';
import { operatorsOptions, operatorsTemplate } from './operator';

const { maximum } = components.schemas.ExpiresInSeconds;

const keysOf = (name: string) => ({ accessKeyId: `of-${name}`, accessKeySecret: `secret-of-${name}` });
const ALICE = keysOf('alice');

let bench: Bench;
beforeAll(async () => {
  const { template, seed } = await operatorsTemplate();
  const roles = PARTS.filter((part) => !['me', 'operator'].includes(part));
  const keys = roles.map((part) => ({ ...keysOf(part), role: `oss-envelope-${part}` }));
  const accessKeys = [...(seed.accessKeys ?? []), ...keys, { ...ALICE, user: 'alice' }];
  bench = await deployBench({ template, seed: { accessKeys } });
  for (const { accessKeySecret } of accessKeys) bench.secrets.add(accessKeySecret);
  await upload(bench, 'sealed.txt', Buffer.from('sealed'));
  bench.calls.length = 0;
});
afterAll(() => bench.close());

/** `text`: of the file that describes the deployment. */
async function optionsFor(text: string): Promise<string[]> {
  return localOptions(bench, await envFile(text));
}

async function envFile(text: string): Promise<string> {
  const file = join(await mkdtemp(join(bench.data, 'env-')), '.env');
  await writeFile(file, text);
  return file;
}

/** What was deployed. */
const ENV = `ENVELOPE_PART_BYTES=${PART}\n`;

/** The same cloud, for whoever has these keys. */
async function optionsOf(credentials: typeof ALICE): Promise<string[]> {
  const data = await mkdtemp(join(bench.data, 'someone-'));
  return optionsAt(data, { ...localCloudOf(bench.cloud, bench.fc), credentials });
}

type Line = { subject: string; state: string; says: string; todo?: string };

async function doctor(argv: string[]) {
  const ended = await ossEnvelope(['--json', ...argv]);
  const lines = linesOf(ended) as unknown as Line[];
  return { ...ended, found: lines.filter(({ state }) => state), totals: lines.at(-1) };
}

/** The same in this process, as whoever has these options. */
async function examined(options: string[], as: Part) {
  const env = await envFile(ENV);
  const found: Line[] = [];
  await examineAll(
    await sessionOf(options, env),
    { as, sample: 5, sYaml: 's.yaml', envFile: env },
    (subject, findings) => found.push(...findings.map((one) => ({ subject, ...one }))),
  );
  return found;
}

function sessionOf([, , data = '']: string[], env = '/dev/null'): Promise<Session> {
  return createSession({ local: true, data, env, color: false }, AbortSignal.any([]));
}

test.concurrent('a healthy deployment has no finding, and looking changes nothing', async () => {
  const { code, found, totals, stderr } = await doctor([...(await optionsFor(ENV)), 'doctor', '--probe']);
  expect(stderr).toBe('');
  expect(found.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(totals).toEqual({ ok: found.length, findings: 0, cannotTell: 0 });
  expect(code).toBe(0);
  const reading = /^(Get|List|Describe|Head|Peek|GenerateDataKey$|Decrypt$|Unknown$)/;
  const changing = bench.calls.filter(({ operation }) => !reading.test(operation));
  expect(changing.filter(({ principal }) => !isOperator(principal))).toEqual([]);
});

const isOperator = (principal: string) => principal.includes(':assumed-role/operator/');

test.concurrent('an operator is told all of it, by looking at settings and by asking decrypt what headers say', async () => {
  const found = await examined(await operatorsOptions(bench), 'operator');
  expect(found.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(found.map(({ says }) => says)).toContain('nothing that its owner deleted is left in the inbox');
  expect(found.map(({ says }) => says)).toContain('1 envelopes looked at are under keys that are Enabled');
  const calls = bench.calls.filter(({ principal }) => isOperator(principal));
  expect([...new Set(calls.map(({ operation }) => operation))].sort()).toEqual(OPERATORS);
});

/** What is not refused. */
const OPERATORS = [
  'DescribeKey',
  'GetAsyncInvokeConfig',
  'GetBucketInfo',
  'GetBucketLifecycle',
  'GetBucketPolicy',
  'GetCallerIdentity',
  'GetFunction',
  'GetQueueAttributes',
  'InvokeFunction',
  'ListMultipartUploads',
  'ListObjectVersions',
  'ListObjectsV2',
  'ListTriggers',
  'PeekMessage',
];

test.concurrent('a user with no permission is told which one each look takes, and what the part of an operator needs', async () => {
  const found = await examined(await optionsOf(ALICE), 'operator');
  const said = found.map(({ state, says }) => `${state}: ${says}`);
  expect(said).toEqual(
    expect.arrayContaining([
      'ok: they are acs:ram::1234567890123456:user/alice',
      'cannot-tell: the key of new envelopes: kms:DescribeKey on the key is missing',
      'cannot-tell: the policy of oss-envelope-vault: oss:GetBucketPolicy of oss-envelope-vault is missing',
      'cannot-tell: oss-envelope-encrypt: fc:GetFunction of oss-envelope-encrypt is missing',
      'cannot-tell: the dead-letter queue: mns:GetQueueAttributes of the queue is missing',
      'finding: may not list the inbox (oss:ListObjectVersions), which operator needs',
      'finding: may not describe the key (kms:DescribeKey), which operator needs',
      'ok: may not read envelopes (oss:GetObject)',
    ]),
  );
  const findings = found.filter(({ state, subject }) => state === 'finding' && subject !== 'permissions');
  expect(findings).toEqual([]);
});

test.each(PARTS.filter((part) => part !== 'me'))(
  '%s may what the page says, and nothing else of it',
  async (part) => {
    const options = part === 'operator' ? await operatorsOptions(bench) : await optionsOf(keysOf(part));
    const patient = { session: await sessionOf(options) };
    const looks = permissionChecks(part, true).map((check) => check.run(patient as Patient));
    const says = (await Promise.all(looks)).flat().map(({ state, says }) => `${state}: ${says}`);
    expect(says.filter((said) => !said.startsWith('ok: '))).toEqual([]);
    expect(says.filter((said) => said.startsWith('ok: may not')).length).toBeGreaterThan(4);
  },
);

test.each([
  ['ENVELOPE_INBOX_BUCKET', 'Bad_Name', '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'],
  ['ENVELOPE_NAME', 'x', '^[a-z][a-z0-9-]{2,29}$'],
  ['ENVELOPE_CONDITION_ON_CONTEXT', 'maybe', '^(yes|no)$'],
])('%s=%s is named, with its rule', async (name, value, rule) => {
  const session = { deployment: { variables: { [name]: value } }, region: 'cn-hangzhou' };
  const declared = declaredFor(session as never, { sYaml: 's.yaml' } as never, '1');
  await expect(declared).rejects.toMatchObject({
    code: 'config-wrong',
    message: `Cannot read what is deployed: ${name} is not like ${rule}`,
    todo: 'correct it in .env or the environment',
  });
});

test.concurrent('keys that nobody knows end it at once; a service that does not answer is named before', async () => {
  const options = await optionsOf({ ...ALICE, accessKeyId: 'of-nobody' });
  const { code, found, stderr } = await doctor([
    ...options,
    '--kms-endpoint',
    'http://127.0.0.1:2',
    'doctor',
  ]);
  expect(code).toBe(5);
  expect(found.slice(-4).map(({ subject, says, todo }) => [subject, says, todo])).toEqual([
    [
      'services',
      'KMS does not answer at http://127.0.0.1:2 (ECONNREFUSED)',
      expect.stringContaining('firewall'),
    ],
    ['services', 'OSS, STS answer', undefined],
    ['identity', "credentials from the local cloud's data folder", undefined],
    [
      'identity',
      expect.stringContaining('InvalidAccessKeyId.NotFound'),
      expect.stringContaining('aliyun configure'),
    ],
  ]);
  expect(JSON.parse(stderr).error.code).toBe('sts-refused');
});

test.concurrent('behind a proxy every service is asked through it, and its password is told nobody', async () => {
  const proxy = await startProxy('alice:s€cret', bench);
  const { accessKeyId, accessKeySecret } = bench.cloud.root;
  const ended = await ossEnvelope(['--json', '--env', await envFile(ENV), 'doctor', '--probe'], {
    env: {
      HTTPS_PROXY: `alice:${encodeURIComponent('s€cret')}@127.0.0.1:${proxy.port}`,
      NO_PROXY: 'localhost,aliyuncs.com:80',
      NODE_EXTRA_CA_CERTS: proxy.certificate,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    },
  });
  proxy.close();
  const lines = linesOf(ended) as unknown as Line[];
  const services = lines.filter(({ subject }) => subject === 'services').map(({ says }) => says);
  expect(services).toEqual([
    'the clock here and that of OSS agree',
    'OSS, KMS, STS answer',
    `OSS, KMS, STS: asked through the proxy http://127.0.0.1:${proxy.port}`,
    'Function Compute, MNS answer',
    `Function Compute, MNS: asked through the proxy http://127.0.0.1:${proxy.port}`,
  ]);
  const untold = lines.filter(({ state }) => state === 'cannot-tell').map(({ says }) => says);
  expect(untold).toEqual([]);
  expect([...new Set(proxy.asked)].sort()).toEqual([
    '1234567890123456.cn-hangzhou.fc.aliyuncs.com',
    '1234567890123456.mns.cn-hangzhou.aliyuncs.com',
    'kms.cn-hangzhou.aliyuncs.com',
    'oss-cn-hangzhou.aliyuncs.com',
    'oss-envelope-access-logs.oss-cn-hangzhou.aliyuncs.com',
    `${DOWNLOADS}.oss-cn-hangzhou.aliyuncs.com`,
    `${INBOX}.oss-cn-hangzhou.aliyuncs.com`,
    `${VAULT}.oss-cn-hangzhou.aliyuncs.com`,
    'sts.cn-hangzhou.aliyuncs.com',
  ]);
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/s€cret|s%E2|alice/);
});

test('a key that is none of the deployment is named, and KMS is asked nothing about it', async () => {
  const { stream } = await bench.vault.getStream('sealed.txt', {});
  const genuine = Buffer.concat(await stream.toArray());
  const header = parseHeader(genuine);
  const keyArn = 'acs:kms:cn-beijing:9:key/of-somebody';
  const keys = header.wrappedKeys.map((key) => ({ ...key, region: 'cn-beijing', keyArn }));
  const planted = Buffer.concat([rewriteHeader(header, keys), genuine.subarray(header.length)]);
  await bench.vault.put('sealed.txt', planted, {});
  const patient = { session: await sessionOf(await localOptions(bench)), sample: 5 } as Patient;
  const found = await envelopeKeysCheck.run(patient);
  await bench.vault.put('sealed.txt', genuine, {});
  expect(found).toMatchObject([
    {
      state: 'finding',
      says: `oss://${VAULT}/sealed.txt is under ${keyArn}, which is none of this deployment's keys`,
      todo: expect.stringContaining('remove that version'),
    },
  ]);
});

describe('a deployment with much of it broken', () => {
  beforeAll(async () => {
    await invokeLater(bench, 'oss-envelope-encrypt', '{"events": []}');
    await put(bench, 'waiting.txt', Buffer.from('waiting'));
    await put(bench, 'deleted.tmp', Buffer.from('deleted'));
    await bench.inbox.deleteMulti(['deleted.tmp'], { quiet: true });
    await redeploy(bench, { env: { ENVELOPE_LOG_KEYS: 'hash' }, edit: spoilt });
    await breakBuckets();
    await breakKey();
    await bench.cloud.clock.advance(40 * 60_000);
  });

  const spoilt = (sYaml: string) =>
    sYaml
      .replace('              - oss:ObjectCreated:CompleteMultipartUpload\n', '')
      .replace('enable: true', 'enable: false')
      .replace(/role: (.*)-encrypt/, 'role: $1-decrypt')
      .replace('timeout: 3600', 'timeout: 60')
      .replace('triggerName: http', 'triggerName: web');

  async function breakBuckets(): Promise<void> {
    const { cloud, inbox } = bench;
    await inbox.putBucketVersioning(INBOX, 'Suspended');
    const { root: credentials, region } = cloud;
    const oss = { endpoint: `http://127.0.0.1:${cloud.oss.port}`, credentials, now: Date.now, region };
    const days = '<Expiration><Days>30</Days></Expiration>';
    const rule = `<Rule><ID>x</ID><Prefix></Prefix><Status>Enabled</Status>${days}</Rule>`;
    const body = `<LifecycleConfiguration>${rule}</LifecycleConfiguration>`;
    await putBucket(oss, { bucket: VAULT, sub: 'lifecycle', body });
    const Resource = [`acs:oss:*:1234567890123456:${DOWNLOADS}/secret/*`];
    const Statement = [{ Effect: 'Deny', Principal: ['*'], Action: ['oss:*'], Resource }];
    const policy = JSON.stringify({ Version: '1', Statement });
    await putBucket(oss, { bucket: DOWNLOADS, sub: 'policy', body: policy });
  }

  async function breakKey(): Promise<void> {
    const KeyId = bench.stack.outputs.KeyArn?.replace(/^.*\//, '') ?? '';
    const kms = kmsClient(bench.owner, bench.cloud.kms.endpoint);
    await kms.doRequest('DisableKey', 'HTTPS', 'POST', '2016-01-20', 'AK', { KeyId }, {}, kmsRuntime);
  }

  test('is told each of it, causes before what follows from them, and what to do', async () => {
    const options = await optionsFor(
      'ENVELOPE_EXPIRES_SECONDS=9000\nINBOX_BUKET=mine\nENVELOPE_WITHDRAWN_SECONDS=60\n',
    );
    const { code, stdout, stderr } = await ossEnvelope([...options, 'doctor', '--as', 'sweep']);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^Cannot call it healthy: \d+ findings \(in-part\)\n {2}to do: begin with the first/,
    );
    const lines = stdout.toString('utf8').split('\n');
    const at = EXPECTED.map(([says, todo]) => {
      const line = lines.findIndex((one) => one.startsWith('finding ') && one.includes(says));
      expect([says, lines[line]]).toEqual([says, expect.anything()]);
      expect([says, lines[line + 1]]).toEqual([says, expect.stringContaining(`to do: ${todo}`)]);
      return line;
    });
    expect(at).toEqual([...at].sort((a, b) => a - b));
    if (process.env.SHOW_TRANSCRIPT) console.log(stdout.toString('utf8') + stderr);
  });

  const EXPECTED = [
    ['nobody asks for INBOX_BUKET', 'correct the spelling after .env.example'],
    [`ENVELOPE_EXPIRES_SECONDS must be a whole number from 1 to ${maximum}`, 'correct it in .env'],
    ['the clock here is 40 min behind that of OSS', 'set the clock'],
    ['which is Disabled: nothing is sealed or opened', 'aliyun kms EnableKey --KeyId '],
    ['1 of 1 envelopes looked at (oss://oss-envelope-vault/sealed.txt) are under', 'aliyun kms EnableKey'],
    ['oss-envelope-inbox: versioning is Suspended', 'ossutil bucket-versioning --method put'],
    ['oss-envelope-vault: no rule removes the parts', 'console of OSS, oss-envelope-vault, Lifecycle'],
    ["oss-envelope-vault: a rule deletes what begins with '' after 30 days", 'take that rule away'],
    ['oss-envelope-downloads: its policy does not refuse plain HTTP', 'ossutil bucket-policy'],
    ['oss-envelope-encrypt: timeout is 60, not 3600', 'npx s encrypt deploy -y'],
    [
      'oss-envelope-encrypt: role is acs:ram::1234567890123456:role/oss-envelope-decrypt, not',
      'npx s encrypt',
    ],
    ['ENVELOPE_LOG_KEYS is hash, not plain', 'npx s encrypt deploy -y'],
    ['trigger uploads: events lacks oss:ObjectCreated:CompleteMultipartUpload', 'npx s encrypt deploy -y'],
    ['oss-envelope-decrypt: its trigger http (http) is not there', 'npx s decrypt deploy -y'],
    ['oss-envelope-decrypt: its trigger web (http) is not in s.yaml', 'console of Function Compute'],
    ['trigger every-15-minutes is disabled: nobody looks for what events missed', 'npx s sweep deploy -y'],
    ['may read uploads (oss:GetObject), which sweep must not', 'console of RAM'],
    ['1 dead letter in oss-envelope-dead-letter', 'oss-envelope dead-letters list'],
    ['1 upload in the inbox, the oldest for 40 min: waiting.txt', 'mend what stands above'],
    [
      '1 version that their owners deleted, in plaintext, in the inbox, deleted up to 40 min ago: deleted.tmp',
      'the sweep does not remove them',
    ],
  ] as const;
});

test.each<[object, unknown, string[]]>([
  [{ a: 1, b: 'x' }, { a: '1', b: 'x', more: 1 }, []],
  [{ a: 3600 }, { a: 60 }, ['a is 60, not 3600']],
  [{ a: '', b: false }, {}, []],
  [{ a: false }, { a: true }, ['a is true, not false']],
  [{ a: { b: { c: 'x' } } }, { a: undefined }, ['a.b.c is empty, not x']],
  [{ list: ['a', 'b'] }, { list: ['b', 'a'] }, []],
  [{ list: ['a', 'b'] }, { list: ['b', 'c'] }, ['list lacks a', 'list has c, too']],
  [{ list: ['a'] }, {}, ['list lacks a']],
])('%j is declared, %j is there: %j', (declared, inFact, says) => {
  expect(differences(declared, inFact)).toEqual(says);
});
