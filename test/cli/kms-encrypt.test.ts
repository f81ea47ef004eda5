import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOperationsAt } from '../../cli/cloud/key-operations';
import { decryptBlob, formatToolsOf } from '../../cli/formats/format-tools';
import { createSession, type Session } from '../../cli/session/session';
import { formsOfContent, leaksOf } from '../leaks';
import { linesOf, ossEnvelope } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';
const CONTEXT = '{"purpose":"web", "host":"a.example"}';

describe('kms-encrypt and kms-decrypt', () => {
  let small: SmallCloud;
  let [local, folder]: [string[], string] = [[], ''];
  let session: Session;
  const run = (...argv: string[]) => ossEnvelope([...argv, ...local], { cwd: folder });

  beforeAll(async () => {
    small = await startSmallCloud();
    local = await small.options();
    folder = await mkdtemp(join(tmpdir(), 'oss-envelope-kms-'));
    const [, , data = ''] = local;
    const options = { local: true, data, env: '/dev/null', color: false } as const;
    session = await createSession(options, new AbortController().signal);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
    const leaks = leaksOf({
      reports: [],
      cloud: small.cloud,
      secrets: new Set(formsOfContent(Buffer.from(PEM))),
    });
    await small.close();
    expect(leaks).toEqual([]);
  });

  it('a secret of 6 KB comes back identical, in a file for its owner only', async () => {
    const secret = randomBytes(6144);
    await writeFile(join(folder, 'secret'), secret);
    const encrypted = await run('kms-encrypt', 'secret', '--json');
    expect([encrypted.code, encrypted.stderr]).toEqual([0, '']);
    expect(linesOf(encrypted)).toEqual([
      {
        file: 'secret',
        output: 'secret.cipher',
        bytes: 6144,
        keyId: expect.any(String),
        keyVersionId: expect.any(String),
      },
    ]);
    const blob = await readFile(join(folder, 'secret.cipher'), 'utf8');
    expect(await decryptBlob(session, { blob }, { doing: 'test' })).toBe(secret.toString('base64'));
    await rm(join(folder, 'secret'));
    const [again, decrypted] = await Promise.all([
      run('kms-encrypt', 'secret'),
      run('kms-decrypt', 'secret.cipher'),
    ]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('(file-exists)')]);
    expect([decrypted.code, decrypted.stdout.toString()]).toEqual([
      0,
      'decrypted secret.cipher, 6 KiB, to secret\n',
    ]);
    expect((await readFile(join(folder, 'secret'))).equals(secret)).toBe(true);
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('a text goes through pipes, verbatim and under a context, and opens under that context only', async () => {
    const options = ['--verbatim', '--context', CONTEXT, ...local];
    const encrypted = await ossEnvelope(['kms-encrypt', '-', ...options], { stdin: Buffer.from(PEM) });
    expect([encrypted.code, encrypted.stderr]).toEqual([0, expect.stringContaining('to standard output')]);
    const { stdout: blob } = encrypted;
    expect(await decryptBlob(session, { blob: blob.toString(), context: CONTEXT }, { doing: 'test' })).toBe(
      PEM,
    );
    await writeFile(join(folder, 'other.cipher'), blob);
    const other = '{"host":"b.example"}';
    const [opened, refused] = await Promise.all([
      ossEnvelope(['kms-decrypt', '-', '--context', CONTEXT, ...local], { stdin: blob }),
      run('kms-decrypt', 'other.cipher', '--context', other),
    ]);
    expect([opened.code, opened.stdout.toString()]).toEqual([0, PEM]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(
      'Cannot open the file: KMS does not accept its ciphertext (cannot-open)',
    );
    expect(refused.stderr).not.toContain(blob.toString().slice(0, 60));
    expect(await readdir(folder)).not.toContain('other');
  });

  it('what cannot be done is said before KMS is asked', async () => {
    await writeFile(join(folder, 'large'), Buffer.alloc(6145));
    await writeFile(join(folder, 'page.cipher'), 'no base64 at all');
    const calls = small.calls.length;
    const [large, page] = await Promise.all([run('kms-encrypt', 'large'), run('kms-decrypt', 'page.cipher')]);
    expect([large.code, large.stderr]).toEqual([
      1,
      expect.stringMatching(/more than the 6144 bytes.*\n.*seal it/),
    ]);
    expect([page.code, page.stderr]).toEqual([
      4,
      expect.stringContaining('as kms: it is not base64 (format-wrong)'),
    ]);
    expect(small.calls.length).toBe(calls);
  });

  it('formats have a data key unwrapped under the context that it was wrapped under', async () => {
    const key = randomBytes(32);
    const keys = keyOperationsAt(session.kms());
    const { ciphertextBlob } = await keys.encrypt({
      keyId: 'alias/oss-envelope',
      plaintext: key.toString('base64'),
      context: CONTEXT,
    });
    const tools = formatToolsOf(session);
    expect((await tools.decrypt(ciphertextBlob, CONTEXT)).equals(key)).toBe(true);
    await expect(tools.decrypt(ciphertextBlob)).rejects.toMatchObject({ code: 'cannot-open' });
    await expect(tools.decrypt(`${ciphertextBlob.slice(0, -8)}AAAAAAA=`, CONTEXT)).rejects.toMatchObject({
      code: 'cannot-open',
    });
  });
});
