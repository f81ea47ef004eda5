import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createChooseFormat } from '../../cli/commands/import/choose-format';
import { lookAt, openSealed } from '../../cli/envelope/open-sealed';
import { objectAt } from '../../cli/envelope/sealed-object';
import { fileInput } from '../../cli/files/input';
import { createSession, type Session } from '../../cli/session/session';
import { EncryptRequest, GenerateDataKeyRequest, kmsRuntime } from '../../functions/cloud/kms-client';
import { type OssClient, ossClient } from '../../functions/cloud/oss-client';
import { collect } from '../../functions/cloud/pieces';
import { DOWNLOADS, VAULT } from '../../infra/run/deployment';
import { unfinishedIn, versionsOf } from '../deployment';
import { putBytes } from '../infra/local/oss/raw';
import { type Ended, linesOf, ossEnvelope } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

const WHEN = new Date('2019-07-03T10:11:12.000Z');

let small: SmallCloud;
let options: string[];
let session: Session;
/** A bucket without versions. */
let old: OssClient;

beforeAll(async () => {
  small = await startSmallCloud();
  const { cloud, folder } = small;
  options = await small.options();
  const shared = { local: true, data: join(folder, 'as-owner'), env: '/dev/null', color: false } as const;
  session = await createSession(shared, new AbortController().signal);
  const owner = { region: cloud.region, credentials: cloud.root };
  old = ossClient(owner, { endpoint: cloud.oss.endpoint, bucket: DOWNLOADS, addressing: 'path' });
});

beforeEach(() => {
  small.hooks.before = undefined;
  small.calls.length = 0;
});

afterAll(() => small.close());

const base64 = (bytes: Buffer) => bytes.toString('base64');

async function dataKey(): Promise<{ key: Buffer; blob: string }> {
  const request = new GenerateDataKeyRequest({ keyId: small.keyArn, keySpec: 'AES_256' });
  const { plaintext = '', ciphertextBlob = '' } = await session
    .kms()
    .call('make a key', (client) => client.generateDataKeyEx(request, kmsRuntime));
  return { key: Buffer.from(plaintext, 'base64'), blob: ciphertextBlob };
}

async function encrypt(bytes: Buffer): Promise<string> {
  const request = new EncryptRequest({ keyId: small.keyArn, plaintext: base64(bytes) });
  const answer = await session.kms().call('encrypt', (client) => client.encryptEx(request, kmsRuntime));
  return answer.ciphertextBlob ?? '';
}

const writers = {
  async 'kms-sample'(content: Buffer) {
    const [{ key, blob }, nonce] = [await dataKey(), randomBytes(16)];
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
    return [blob, base64(nonce), base64(ciphertext), base64(cipher.getAuthTag()), ''].join('\n');
  },
  async 'envelope-gcm'(content: Buffer) {
    const [{ key, blob }, nonce] = [await dataKey(), randomBytes(16)];
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
    return [base64(ciphertext), blob, base64(nonce), base64(cipher.getAuthTag()), ''].join('*---*');
  },
  async 'envelope-cbc'(content: Buffer) {
    const [{ key, blob }, iv] = [await dataKey(), randomBytes(16)];
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return [base64(Buffer.concat([iv, cipher.update(content), cipher.final()])), blob, ''].join('*---*');
  },
};

async function write(name: string, format: keyof typeof writers, content: Buffer): Promise<Buffer> {
  const path = join(small.folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, await writers[format](content));
  await utimes(path, WHEN, WHEN);
  return content;
}

function run(argv: string[], running: Parameters<typeof ossEnvelope>[1] = {}): Promise<Ended> {
  return ossEnvelope([...options, '--json', 'import', ...argv], { cwd: small.folder, ...running });
}

/** What lies in the vault under a key, as whoever may decrypt sees it. */
async function opened(key: string) {
  const input = await objectAt(session, { bucket: VAULT, key });
  const { header, metadata, chunks } = await openSealed(session, input, await lookAt(input));
  return { content: await collect(chunks()), inbox: header.facts.inbox, metadata };
}

/** The lines, by the names of their sources; the whole under no name. */
function bySource(ended: Ended): Record<string, Record<string, unknown>> {
  return Object.fromEntries(linesOf(ended).map(({ source = '', ...line }) => [source, line]));
}

const none = { headers: [], userMetadata: [], tags: [] };

describe('import', () => {
  it('seals what verifies, tells of what does not, and goes on where it was', async () => {
    const sample = await write('2019/sample.txt', 'kms-sample', randomBytes(40_000));
    const gcm = await write('2019/gcm.txt', 'envelope-gcm', Buffer.alloc(0));
    const cbc = await write('2019/cbc.txt', 'envelope-cbc', randomBytes(1000));
    await writeFile(join(small.folder, 'note.txt'), 'no ciphertext');
    const names = [
      './2019/sample.txt',
      '2019/gcm.txt',
      '',
      '2019/cbc.txt',
      'note.txt',
      'not-there',
      'oss://X',
    ];
    const list = Buffer.from(names.join('\r\n'));
    const to = ['--list', '-', '--to', `oss://${VAULT}/old/`];

    const first = await run(to, { stdin: list });
    expect(bySource(first)).toMatchObject({
      './2019/sample.txt': {
        outcome: 'imported',
        to: `oss://${VAULT}/old/2019/sample.txt`,
        format: 'kms-sample',
        authenticated: true,
        bytes: 40_000,
      },
      '2019/gcm.txt': { outcome: 'imported', format: 'envelope-gcm', bytes: 0 },
      '2019/cbc.txt': { outcome: 'failed', code: 'unauthenticated' },
      'note.txt': { outcome: 'failed', code: 'format-unknown' },
      'not-there': { outcome: 'failed', code: 'file-missing' },
      'oss://X': { outcome: 'failed', code: 'usage-wrong' },
      '': { total: 6, imported: 2, failed: 4, unauthenticated: 0, bytes: 40_000 },
    });
    expect([first.code, first.stderr]).toEqual([3, expect.stringContaining('4 of 6 failed')]);

    const second = await run([...to, '--accept-unauthenticated'], { stdin: list });
    expect(bySource(second)).toMatchObject({
      './2019/sample.txt': { outcome: 'already' },
      '2019/gcm.txt': { outcome: 'already' },
      '2019/cbc.txt': { outcome: 'imported', authenticated: false, format: 'envelope-cbc' },
      '': { already: 2, imported: 1, failed: 3, unauthenticated: 1 },
    });
    expect(await versionsOf(small.vault)).toHaveLength(3);

    const [one, two, three] = await Promise.all(
      ['old/2019/sample.txt', 'old/2019/gcm.txt', 'old/2019/cbc.txt'].map(opened),
    );
    expect([one?.content.equals(sample), two?.content.equals(gcm), three?.content.equals(cbc)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(one?.inbox).toEqual({
      bucket: 'local-file',
      key: 'sample.txt',
      eTag: expect.stringMatching(/^[0-9a-f]{64}$/),
      versionId: 'none',
      size: 40_000,
      lastModified: WHEN.toISOString(),
    });
    expect(one?.metadata).toEqual(none);
    expect(three?.metadata).toEqual({
      ...none,
      userMetadata: [['imported-unauthenticated', 'envelope-cbc']],
    });
  });

  it('takes what its own readers read, and files whose wrapped key lies beside them', async () => {
    const content = Buffer.from(await writers['kms-sample'](Buffer.from('as a sample')));
    await writeFile(join(small.folder, 'marked.txt'), Buffer.concat([Buffer.from('\ufeff'), content]));
    await writeFile(
      join(small.folder, 'secret.bin'),
      Buffer.from('f0635bf3f0bed61b5245be6c6cd9e7a13b1d694cde', 'hex'),
    );
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    await writeFile(join(small.folder, 'cipherkey'), `${await encrypt(key)}\n`);
    const to = ['--to', `oss://${VAULT}/beside/`];
    const [marked, siv, none] = await Promise.all([
      run(['marked.txt', ...to]),
      run(['secret.bin', ...to, '--format', 'aes-siv', '--wrapped-key', 'cipherkey']),
      run(['marked.txt', ...to, '--wrapped-key', 'cipherkey']),
    ]);
    expect(bySource(marked)['marked.txt']).toMatchObject({
      outcome: 'imported',
      skipped: ['a byte order mark'],
    });
    expect(bySource(siv)['secret.bin']).toMatchObject({ outcome: 'imported', authenticated: true, bytes: 5 });
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('usage-wrong')]);
    expect((await opened('beside/marked.txt')).content.toString()).toBe('as a sample');
    expect((await opened('beside/secret.bin')).content.toString()).toBe('hello');
  });

  it('never puts one source over another unasked, were both of one name and one moment', async () => {
    await write('a/same.txt', 'kms-sample', Buffer.from('first'));
    await write('b/same.txt', 'envelope-gcm', Buffer.from('other'));
    const to = ['--to', `oss://${VAULT}/same/`];
    const both = await run(['a/same.txt', 'b/same.txt', ...to]);
    expect(linesOf(both).map(({ outcome, code }) => [outcome, code])).toEqual([
      ['imported', undefined],
      ['failed', 'file-exists'],
      [undefined, undefined],
    ]);
    const forced = await run(['a/same.txt', 'b/same.txt', ...to, '--force']);
    expect(bySource(forced)).toMatchObject({
      'a/same.txt': { outcome: 'already' },
      'b/same.txt': { outcome: 'imported' },
    });
    expect((await opened('same/same.txt')).content.toString()).toBe('other');
    expect(await versionsOf(small.vault, 'same/same.txt')).toHaveLength(2);
  });

  it('takes objects with what they carry, but for how they were encrypted; a dry run opens and writes nothing', async () => {
    const [key, start, content] = [randomBytes(32), randomBytes(16), randomBytes(70_000)];
    const cipher = createCipheriv('aes-256-ctr', key, start);
    await old.put('2019/', Buffer.alloc(0), {});
    await old.put('2019/报告.pdf', Buffer.concat([cipher.update(content), cipher.final()]), {
      headers: {
        'Content-Type': 'application/pdf',
        'x-oss-meta-who': 'me',
        'x-oss-tagging': 'team=blue',
        'x-oss-meta-client-side-encryption-key': await encrypt(key),
        'x-oss-meta-client-side-encryption-start': await encrypt(start),
        'x-oss-meta-client-side-encryption-cek-alg': 'AES/CTR/NoPadding',
        'x-oss-meta-client-side-encryption-wrap-alg': 'KMS/ALICLOUD',
      },
    });
    const source = `oss://${DOWNLOADS}/2019/报告.pdf`;
    const asked = ['--prefix', `oss://${DOWNLOADS}/20`, '--to', `oss://${VAULT}`, '--accept-unauthenticated'];
    small.calls.length = 0;
    const dry = await run([...asked, '--dry-run']);
    expect(bySource(dry)[source]).toEqual({
      outcome: 'would-import',
      to: `oss://${VAULT}/2019/报告.pdf`,
      format: 'oss-cse',
      authenticated: false,
    });
    expect(
      small.calls.map(({ operation }) => operation).filter((name) => !/^(Get|List|Head)/.test(name)),
    ).toEqual([]);
    const real = await run(asked);
    expect([real.code, bySource(real)[source]?.outcome]).toEqual([0, 'imported']);
    const { metadata, inbox, ...found } = await opened('2019/报告.pdf');
    expect(found.content.equals(content)).toBe(true);
    expect(inbox).toMatchObject({ bucket: DOWNLOADS, key: '2019/报告.pdf', versionId: 'none', size: 70_000 });
    expect(metadata).toEqual({
      headers: [['content-type', 'application/pdf']],
      userMetadata: [
        ['who', 'me'],
        ['imported-unauthenticated', 'oss-cse'],
      ],
      tags: [['team', 'blue']],
    });
  });

  it('carries no metadata that is not UTF-8: the field is named before anything is opened', async () => {
    const sample = Buffer.from(await writers['kms-sample'](Buffer.from('x')));
    const { oss, root: credentials } = small.cloud;
    const place = { port: oss.port, bucket: DOWNLOADS, credentials };
    await putBytes(place, 'latin1.txt', { 'x-oss-meta-author': '\xf6' }, sample);
    small.calls.length = 0;
    const { code, stderr } = await run([`oss://${DOWNLOADS}/latin1.txt`, '--to', `oss://${VAULT}/latin1`]);
    expect([code, JSON.parse(stderr).error]).toMatchObject([
      1,
      {
        code: 'metadata-unsupported',
        message: 'Cannot carry "x-oss-meta-author": its value is not UTF-8',
      },
    ]);
    expect(small.calls.filter(({ service }) => service === 'kms')).toEqual([]);
  });

  it('Ctrl-C leaves nothing half-done, in parts neither', async () => {
    const content = await write('large.txt', 'envelope-cbc', randomBytes(8 * 1_048_576 + 100_000));
    const to = ['large.txt', '--to', `oss://${VAULT}/large.bin`, '--accept-unauthenticated'];
    const { code, stderr } = await run(to, {
      onStart: (child) => {
        small.hooks.before = async ({ operation }) => {
          if (operation !== 'UploadPart' || child.killed) return undefined;
          child.kill('SIGINT');
          await new Promise((done) => child.once('close', done));
          return undefined;
        };
      },
    });
    expect([code, stderr]).toEqual([130, expect.stringContaining('0 imported')]);
    expect([await versionsOf(small.vault, 'large.bin'), await unfinishedIn(small.vault)]).toEqual([[], []]);
    small.hooks.before = undefined;
    expect((await run(to)).code).toBe(0);
    expect((await opened('large.bin')).content.equals(content)).toBe(true);
  });
});

describe('the format of a source that nobody named', () => {
  it('what is not recognised for certain is taken once the operator has confirmed it, asked once', async () => {
    await write('sure.txt', 'kms-sample', Buffer.from('x'));
    const text = (await readFile(join(small.folder, 'sure.txt'), 'utf8')).split('\n');
    // No ciphertext of KMS begins so.
    await writeFile(join(small.folder, 'likely.txt'), [base64(randomBytes(80)), ...text.slice(1)].join('\n'));
    const [sure, likely] = await Promise.all(
      ['sure.txt', 'likely.txt'].map((name) => fileInput(join(small.folder, name))),
    );
    if (!sure || !likely) throw new Error('Cannot test: nothing was written');
    const questions: string[] = [];
    const answering = (answer: boolean) =>
      createChooseFormat(undefined, async (question) => {
        questions.push(question);
        return answer;
      });
    const yes = answering(true);
    expect((await yes(sure, 'sure')).name).toBe('kms-sample');
    expect(questions).toEqual([]);
    const both = await Promise.all([yes(likely, 'likely'), yes(likely, 'likely too')]);
    expect(both.map(({ name }) => name)).toEqual(['kms-sample', 'kms-sample']);
    expect(questions).toEqual([expect.stringMatching(/^likely( too)? looks like kms-sample \(likely: /)]);
    const refusal = { code: 'format-unknown', todo: 'if it is, say --format kms-sample' };
    await expect(answering(false)(likely, 'likely')).rejects.toMatchObject(refusal);
    await expect(createChooseFormat(undefined, undefined)(likely, 'likely')).rejects.toMatchObject(refusal);
    await Promise.all([sure.close(), likely.close()]);
  });
});
