import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GenerateDataKeyRequest, kmsClient, kmsRuntime } from '../../functions/cloud/kms-client';
import { parseHeader, rewriteHeader } from '../../functions/envelope/header';
import { VAULT } from '../../infra/run/deployment';
import { linesOf, ossEnvelope, type Running } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

let small: SmallCloud;
let folder: string;
beforeAll(async () => {
  small = await startSmallCloud();
  folder = join(small.folder, 'files');
  await mkdir(folder);
});
afterAll(() => small.close());

/** Who may only have data keys made seals; who may only have them unwrapped opens. */
async function seal(argv: string[], running: Running = {}) {
  return ossEnvelope([...(await small.options('sealer')), '--json', 'seal', ...argv], {
    cwd: folder,
    ...running,
  });
}
async function open(argv: string[], running: Running = {}) {
  const trust = ['--trust-key', small.keyArn];
  return ossEnvelope([...(await small.options('opener')), '--json', 'open', ...trust, ...argv], {
    cwd: folder,
    ...running,
  });
}

const file = (name: string) => join(folder, name);
const callsSince = (index: number) =>
  small.calls.slice(index).map(({ service, operation }) => `${service} ${operation}`);
const errorIn = (stderr: string) => JSON.parse(stderr.trim().split('\n').at(-1) ?? '{}').error;

test('a file that is sealed and opened is the same, for two permissions, one each', async () => {
  const content = randomBytes(2_500_000);
  await writeFile(file('report.pdf'), content);
  const before = small.calls.length;
  const sealed = await seal(['report.pdf']);
  expect([sealed.code, linesOf(sealed)]).toEqual([
    0,
    [
      {
        file: 'report.pdf',
        output: 'report.pdf.sealed',
        place: 'oss://local-file/report.pdf.sealed',
        bytes: content.length,
        envelopeBytes: (await stat(file('report.pdf.sealed'))).size,
        keyArn: small.keyArn,
        kmsRequestId: expect.any(String),
        sealedAt: expect.any(String),
      },
    ],
  ]);
  await rename(file('report.pdf'), file('original'));
  const opened = await open(['report.pdf.sealed']);
  expect([opened.code, linesOf(opened)[0]]).toMatchObject([0, { output: 'report.pdf', authenticated: true }]);
  expect((await readFile(file('report.pdf'))).equals(content)).toBe(true);
  expect((await stat(file('report.pdf'))).mode & 0o777).toBe(0o600);
  expect(callsSince(before)).toEqual(['sts GetCallerIdentity', 'kms GenerateDataKey', 'kms Decrypt']);
  expect((await readdir(folder)).sort()).toEqual(['original', 'report.pdf', 'report.pdf.sealed']);
});

test('a pipe by name and standard output by another one get the envelope, sealed for a file beside its own', async () => {
  await writeFile(file('piped'), 'piped');
  execFileSync('mkfifo', [file('pipe')]);
  const [named, read, standard] = await Promise.all([
    seal(['piped', '-o', 'pipe']),
    readFile(file('pipe')),
    seal(['piped', '-o', '/dev/stdout']),
  ]);
  await rm(file('pipe'));
  expect([named.code, standard.code]).toEqual([0, 0]);
  for (const envelope of [read, standard.stdout])
    expect(parseHeader(envelope).facts.vault).toEqual({ bucket: 'local-file', key: 'piped.sealed' });
  expect([linesOf(named)[0]?.output, JSON.parse(standard.stderr).output]).toEqual(['pipe', '-']);
});

test('from pipe to pipe, whatever the size: kept aside, or of a size that is known', async () => {
  const content = randomBytes(1_100_000);
  const inPieces = () => Readable.from([content.subarray(0, 7), content.subarray(7)], { objectMode: false });
  const place = ['--place', 'oss://my-vault/dump'];
  const [kept, known] = await Promise.all([
    seal(['-', ...place], { stdin: inPieces() }),
    seal(['-', ...place, '--size', String(content.length)], { stdin: inPieces() }),
  ]);
  for (const { code, stdout } of [kept, known]) {
    const opened = await open(['-', ...place], { stdin: stdout });
    expect([code, opened.code, opened.stdout.equals(content)]).toEqual([0, 0, true]);
  }
});

test('an envelope opens as what it was sealed for, and else only where that is named', async () => {
  await writeFile(file('minutes.txt'), 'of a meeting');
  expect((await seal(['minutes.txt', '-o', 'kept'])).code).toBe(0);
  await rename(file('kept'), file('moved'));
  const [moved, piped, named] = await Promise.all([
    open(['moved', '-o', '-']),
    open(['-'], { stdin: await readFile(file('moved')) }),
    open(['moved', '-o', '-', '--place', 'oss://local-file/kept']),
  ]);
  for (const { code, stdout, stderr } of [moved, piped]) {
    expect([code, stdout.length, errorIn(stderr)]).toMatchObject([
      4,
      0,
      { code: 'place-differs', todo: expect.stringContaining('--place oss://local-file/kept') },
    ]);
  }
  expect([named.code, named.stdout.toString()]).toEqual([0, 'of a meeting']);
});

test('an object: the version that is asked for, on the same connection or another', async () => {
  const content = randomBytes(300_000);
  await writeFile(file('ledger'), content);
  await seal(['ledger', '--place', `oss://${VAULT}/books/ledger`, '-o', 'ledger.up']);
  const { res } = await small.vault.put('books/ledger', await readFile(file('ledger.up')), {});
  await small.vault.put('books/ledger', Buffer.from('no envelope'), {});
  const version = `oss://${VAULT}/books/ledger?versionId=${res.headers['x-oss-version-id']}`;
  const cut = small.cloud.faults.add({
    match: { service: 'oss', operation: 'GetObject' },
    nth: 2,
    times: 2,
    do: { cutBodyAt: 100_000 },
  });
  const [older, current] = await Promise.all([
    open([version, '-o', 'ledger.back']),
    open([`oss://${VAULT}/books/ledger`, '-o', 'never']),
  ]);
  expect(small.cloud.faults.list().find(({ id }) => id === cut)?.matched).toBeGreaterThan(3);
  expect([older.code, current.code]).toEqual([0, 4]);
  expect((await readFile(file('ledger.back'))).equals(content)).toBe(true);
  expect(errorIn(current.stderr).code).toBe('format-unknown');
});

test('an object that is replaced between two looks is not taken for an empty one', async () => {
  await small.vault.put('was-empty', Buffer.alloc(0), {});
  small.hooks.before = async ({ operation, key }) => {
    if (operation === 'HeadObject' && key === 'was-empty')
      await small.vault.put(key, Buffer.from('not empty'), {});
  };
  const ended = await open([`oss://${VAULT}/was-empty`, '-o', 'never']);
  small.hooks.before = undefined;
  expect([ended.code, errorIn(ended.stderr).code]).toEqual([1, 'file-changed']);
});

describe('credentials as Alibaba Cloud tools take them', () => {
  const { ALIBABA, CONFIG } = { ALIBABA: 'ALIBABA_CLOUD', CONFIG: '.aliyun/config.json' };
  const anywhere = () => ['--kms-endpoint', small.cloud.kms.endpoint, '--account', small.cloud.accountId];
  const openAs = async (argv: string[], env: Record<string, string>) => {
    const open = ['open', 'shared.sealed', '-o', '-', '--trust-key', small.keyArn];
    const ended = await ossEnvelope([...anywhere(), ...argv, ...open], {
      cwd: folder,
      env,
    });
    return [ended.code, ended.stdout.toString()];
  };

  test('the environment seals; a token in the environment, and a profile, open', async () => {
    const { accessKeyId, accessKeySecret } = small.cloud.root;
    const opener = small.credentials('opener');
    await writeFile(file('shared'), 'by all');
    const owner = {
      [`${ALIBABA}_ACCESS_KEY_ID`]: accessKeyId,
      [`${ALIBABA}_ACCESS_KEY_SECRET`]: accessKeySecret,
    };
    const sealed = await ossEnvelope([...anywhere(), 'seal', 'shared'], { cwd: folder, env: owner });
    expect([sealed.code, sealed.stderr]).toEqual([0, '']);
    const token = {
      [`${ALIBABA}_ACCESS_KEY_ID`]: opener.accessKeyId,
      [`${ALIBABA}_ACCESS_KEY_SECRET`]: opener.accessKeySecret,
      [`${ALIBABA}_SECURITY_TOKEN`]: opener.securityToken,
    };
    await writeProfiles(join(folder, CONFIG), { current: owner, other: token });
    const ended = await Promise.all([
      openAs([], token),
      openAs([], { HOME: folder }),
      openAs(['--profile', 'other'], { HOME: folder, ...owner }),
    ]);
    expect(ended).toEqual([0, 0, 0].map((code) => [code, 'by all']));
  });

  async function writeProfiles(
    path: string,
    profiles: Record<string, Record<string, string>>,
  ): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true });
    const written = Object.entries(profiles).map(([name, env]) => ({
      name,
      mode: env[`${ALIBABA}_SECURITY_TOKEN`] ? 'StsToken' : 'AK',
      access_key_id: env[`${ALIBABA}_ACCESS_KEY_ID`],
      access_key_secret: env[`${ALIBABA}_ACCESS_KEY_SECRET`],
      sts_token: env[`${ALIBABA}_SECURITY_TOKEN`],
      region_id: 'cn-hangzhou',
    }));
    await writeFile(path, JSON.stringify({ current: 'current', profiles: written }));
  }
});

test('what others wrote without integrity is refused, and labelled where that is accepted', async () => {
  await writeFile(file('old.enc'), await inCbc('long ago'));
  const asked = ['old.enc', '--format', 'envelope-cbc', '-o', 'old.txt'];
  const guessed = await open(['old.enc', '-o', 'old.txt']);
  expect([guessed.code, errorIn(guessed.stderr)]).toMatchObject([
    4,
    { code: 'format-unknown', todo: expect.stringContaining('--format envelope-cbc') },
  ]);
  const refused = await open(asked);
  expect([refused.code, errorIn(refused.stderr).code]).toEqual([4, 'unauthenticated']);
  const options = await small.options();
  const accepted = await ossEnvelope([...options, 'open', ...asked, '--accept-unauthenticated'], {
    cwd: folder,
  });
  expect([accepted.code, accepted.stdout.toString()]).toEqual([
    0,
    expect.stringContaining('UNAUTHENTICATED: nothing proves'),
  ]);
  expect(await readFile(file('old.txt'), 'utf8')).toBe('long ago');
});

/** As alicloud-envelope-encryption writes it. */
async function inCbc(text: string): Promise<string> {
  const encryptionContext = '{"of":"long ago"}';
  const client = kmsClient(
    { credentials: small.cloud.root, region: small.cloud.region },
    small.cloud.kms.endpoint,
  );
  const request = new GenerateDataKeyRequest({
    keyId: 'alias/oss-envelope',
    keySpec: 'AES_256',
    encryptionContext,
  });
  const { plaintext, ciphertextBlob } = await client.generateDataKeyEx(request, kmsRuntime);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(plaintext, 'base64'), iv);
  const sealed = Buffer.concat([iv, cipher.update(text), cipher.final()]);
  return [sealed.toString('base64'), ciphertextBlob, encryptionContext].join('*---*');
}

test('a file that is written to while it waits for its key is not sealed', async () => {
  await writeFile(file('log'), 'one line\n');
  small.hooks.before = async ({ operation }) => {
    if (operation === 'GenerateDataKey') await appendFile(file('log'), 'another\n');
  };
  const { code, stderr } = await seal(['log']);
  small.hooks.before = undefined;
  expect([code, errorIn(stderr).code]).toEqual([1, 'file-changed']);
  expect((await readdir(folder)).filter((name) => /^\.?log./.test(name))).toEqual([]);
});

describe('what somebody has sealed under a key of his own', () => {
  const PLACE = `oss://${VAULT}/planted/report.txt`;
  const owner = async (argv: string[]) =>
    ossEnvelope([...(await small.options()), '--json', ...argv], { cwd: folder });
  const kms = () =>
    kmsClient({ credentials: small.cloud.root, region: small.cloud.region }, small.cloud.kms.endpoint);
  let foreign = '';

  beforeAll(async () => {
    foreign = (await kms().createKey(new CreateKeyRequest({}))).keyMetadata.arn;
    await writeFile(file('planted.txt'), 'planted');
    await owner(['seal', 'planted.txt', '--key', foreign, '--place', PLACE, '-o', 'planted']);
    await owner(['kms-encrypt', 'planted.txt', '--key', foreign, '-o', 'planted.cipher']);
    await small.vault.put('planted/report.txt', await readFile(file('planted')), {});
  });

  /** Every command that takes it. */
  const takers = [
    ['open', PLACE, '-o', 'taken-1'],
    ['open', 'planted', '--place', PLACE, '-o', 'taken-2'],
    ['verify', PLACE],
    ['get', PLACE, '--direct', '-o', 'taken-3'],
    ['rewrap', PLACE, '--to', 'alias/oss-envelope'],
    ['open', 'planted.cipher', '--format', 'kms', '-o', 'taken-4'],
    ['kms-decrypt', 'planted.cipher', '-o', 'taken-5'],
    ['import', 'planted.cipher', '--format', 'kms', '--to', `oss://${VAULT}/taken/report.txt`],
  ];

  test('is refused by every command that takes it, the key named; and taken where that is said', async () => {
    const before = small.calls.length;
    const refused = await Promise.all(takers.map(owner));
    for (const [index, { code, stdout, stderr }] of refused.entries()) {
      const said = `${stdout}${stderr}`;
      expect([takers[index], code]).toEqual([takers[index], takers[index]?.[0] === 'rewrap' ? 3 : 4]);
      expect(said).toContain('"code":"key-differs"');
      expect(said).toContain(`its data key is under ${foreign}, which is none of this deployment's keys`);
      expect(said).toContain(`say --trust-key ${foreign}`);
    }
    // Of what names no key KMS says it.
    const asked = callsSince(before).filter((call) => /Decrypt|ReEncrypt|GenerateDataKey/.test(call));
    expect(asked).toEqual(['kms Decrypt', 'kms Decrypt', 'kms Decrypt']);
    expect((await readdir(folder)).filter((name) => name.startsWith('taken'))).toEqual([]);

    const ours = await owner(['verify', PLACE, '--trust-key', small.keyArn]);
    expect([ours.code, errorIn(ours.stderr).message]).toEqual([
      4,
      expect.stringContaining('which --trust-key does not name'),
    ]);
    const taken = await Promise.all(
      takers.map((argv) => owner([...argv, '--trust-key', small.keyArn, '--trust-key', foreign])),
    );
    expect(taken.map(({ code, stderr }) => [code, stderr])).toEqual(takers.map(() => [0, '']));
    for (const number of [1, 2, 3, 4, 5])
      expect(await readFile(file(`taken-${number}`), 'utf8')).toBe('planted');
  });

  test('is not wrapped anew either where its header names a key of the deployment', async () => {
    const lying = await readFile(file('planted'));
    const header = parseHeader(lying);
    const keys = header.wrappedKeys.map((key) => ({ ...key, keyArn: small.keyArn }));
    rewriteHeader(header, keys).copy(lying);
    await small.vault.put('planted/report.txt', lying, {});
    const before = small.calls.length;
    const { code, stdout } = await owner(['rewrap', PLACE, '--to', 'alias/oss-envelope']);
    expect([code, stdout.toString()]).toEqual([3, expect.stringContaining('"code":"cannot-open"')]);
    expect(callsSince(before)).not.toContain('kms ReEncrypt');
  });

  test('whoever may only decrypt says which key is to be trusted', async () => {
    await writeFile(file('own'), 'own');
    expect((await seal(['own'])).code).toBe(0);
    const asOpener = [...(await small.options('opener')), '--json', 'open', 'own.sealed', '-o', '-'];
    const unsaid = await ossEnvelope(asOpener, { cwd: folder });
    expect([unsaid.code, errorIn(unsaid.stderr)]).toMatchObject([
      5,
      {
        code: 'keys-unknown',
        message: expect.stringContaining(`its data key is under ${small.keyArn}`),
        todo: expect.stringMatching(
          `say --trust-key ${small.keyArn}; or have kms:DescribeKey .*fc:GetFunction`,
        ),
      },
    ]);
    const said = await ossEnvelope([...asOpener, '--trust-key', small.keyArn], { cwd: folder });
    expect([said.code, said.stdout.toString()]).toEqual([0, 'own']);
    const wrong = await ossEnvelope([...asOpener, '--trust-key', 'alias/oss-envelope'], { cwd: folder });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Give the ARN of a key')]);
  });

  test('ENVELOPE_OTHER_KEY_ID is one of the deployment', async () => {
    await writeFile(file('moving.env'), `ENVELOPE_OTHER_KEY_ID=${foreign.split('/')[1]}\n`);
    const local = (await small.options()).slice(0, 3);
    const argv = ['open', 'planted', '--place', PLACE, '-o', '-', '--env', file('moving.env')];
    const ended = await ossEnvelope([...local, ...argv], { cwd: folder });
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  });
});

test('--kms-endpoint is the one that is asked, whatever region the key is in', async () => {
  const { accessKeyId, accessKeySecret } = small.cloud.root;
  const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
  await writeFile(file('here'), 'here');
  expect((await seal(['here'])).code).toBe(0);
  const there = ['--region', 'cn-beijing', '--kms-endpoint', small.cloud.kms.endpoint];
  const opening = ['open', 'here.sealed', '-o', '-', '--trust-key', small.keyArn];
  const { code, stdout } = await ossEnvelope([...there, ...opening], { cwd: folder, env });
  expect([code, stdout.toString()]).toEqual([0, 'here']);
});
