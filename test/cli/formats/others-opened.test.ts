import { createDecipheriv, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOperationsAt } from '../../../cli/cloud/key-operations';
import { kmsOf } from '../../../functions/cloud/kms-call';
import { kmsClient } from '../../../functions/cloud/kms-client';
import { service } from '../../services';
import { linesOf, ossEnvelope } from '../command';
import { type SmallCloud, startSmallCloud } from '../small-cloud';
import { writers } from './encryption-sdk-writer';

const KEY = 'alias/oss-envelope';
let small: SmallCloud;
let options: string[];

beforeAll(async () => {
  small = await startSmallCloud();
  options = await small.options();
});

afterAll(() => small.close());

function keys() {
  return keyOperationsAt(
    kmsOf(
      service(
        kmsClient({ region: small.cloud.region, credentials: small.cloud.root }, small.cloud.kms.endpoint),
      ),
    ),
  );
}

test('a message of the Encryption SDK opens under its context, and a changed one leaves no file', async () => {
  const context = { a: '1', ü: '"2"' };
  const [dataKey, plaintext] = [randomBytes(32), randomBytes(200_000)];
  const wrapped = await keys().encrypt({
    keyId: KEY,
    plaintext: dataKey.toString('base64'),
    context: JSON.stringify(context),
  });
  const bytes = writers['encryption-sdk-stream']({
    algorithm: 2,
    dataKey,
    dataKeys: [[KEY, Buffer.from(wrapped.ciphertextBlob, 'base64')]],
    context: Object.entries(context),
    plaintext,
  });
  const [file, output] = [join(small.folder, 'message'), join(small.folder, 'message.plain')];
  const open = [...options, 'open', file, '--format', 'encryption-sdk-stream', '-o', output];

  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(file, bytes);
  expect(await ossEnvelope(open)).toMatchObject({ code: 4 });
  await expect(readFile(output)).rejects.toThrow('ENOENT');

  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(file, bytes);
  expect(await ossEnvelope(open)).toMatchObject({ code: 0 });
  expect(plaintext.equals(await readFile(output))).toBe(true);
});

test('an object under client-side encryption opens for whoever accepts it, and says that nothing proves it', async () => {
  const [key, counter] = [randomBytes(32), randomBytes(16)];
  const wrap = async (bytes: Buffer) =>
    (await keys().encrypt({ keyId: KEY, plaintext: bytes.toString('base64') })).ciphertextBlob;
  const ciphertext = randomBytes(100_001);
  await small.vault.put('encrypted', ciphertext, {
    headers: {
      'x-oss-meta-client-side-encryption-key': await wrap(key),
      'x-oss-meta-client-side-encryption-start': await wrap(counter),
      'x-oss-meta-client-side-encryption-cek-alg': 'AES/CTR/NoPadding',
      'x-oss-meta-client-side-encryption-wrap-alg': 'KMS/ALICLOUD',
    },
  });
  const output = join(small.folder, 'object.plain');
  const object = 'oss://oss-envelope-vault/encrypted';
  const open = [...options, '--json', 'open', object, '--format', 'oss-cse', '-o', output];

  expect(await ossEnvelope(open)).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('unauthenticated'),
  });
  const ended = await ossEnvelope([...open, '--accept-unauthenticated']);
  expect(linesOf(ended).at(-1)).toMatchObject({ format: 'oss-cse', bytes: 100_001, authenticated: false });
  const expected = createDecipheriv('aes-256-ctr', key, counter).update(ciphertext);
  expect(expected.equals(await readFile(output))).toBe(true);
});

test('secret.bin opens under the key in cipherkey, as file or object, and says what it passed over there', async () => {
  const [tag, ciphertext] = ['f0635bf3f0bed61b5245be6c6cd9e7a1', '3b1d694cde'];
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  const { ciphertextBlob } = await keys().encrypt({ keyId: KEY, plaintext: key.toString('base64') });
  const place = (name: string) => join(small.folder, name);
  await writeFile(place('secret.bin'), Buffer.from(tag + ciphertext, 'hex'));
  await writeFile(place('cipherkey'), ciphertextBlob);
  await writeFile(place('answer.json'), JSON.stringify({ CiphertextBlob: ciphertextBlob, KeyId: 'a' }));
  await small.vault.put('secret.bin', Buffer.from(tag + ciphertext, 'hex'), {});
  await small.vault.put('cipherkey', Buffer.from(ciphertextBlob), {});
  const running = { cwd: small.folder, stdin: Buffer.from(ciphertextBlob) };
  const run = (...argv: string[]) => ossEnvelope([...options, ...argv, '-o', '-'], running);
  const siv = ['--format', 'aes-siv', '--wrapped-key'];

  const opened = await Promise.all([
    run('open', 'secret.bin', ...siv, 'cipherkey'),
    run('open', 'secret.bin', ...siv, '-'),
    run('open', 'oss://oss-envelope-vault/secret.bin', ...siv, 'oss://oss-envelope-vault/cipherkey'),
    run('open', 'secret.bin', ...siv, 'answer.json'),
  ]);
  expect(opened.map(({ code, stdout }) => [code, stdout.toString()])).toEqual(Array(4).fill([0, 'hello']));
  const said = 'Passed over in secret.bin: the JSON around the ciphertext in answer.json';
  expect(opened.map(({ stderr }) => stderr.includes(said))).toEqual([false, false, false, true]);

  const refused = await Promise.all([
    run('open', 'secret.bin', '--format', 'aes-siv'),
    run('open', '-', ...siv, '-'),
    run('open', 'secret.bin', '--format', 'kms', '--wrapped-key', 'cipherkey'),
    run('open', 'secret.bin', '--wrapped-key', 'cipherkey'),
    run('open', 'secret.bin', ...siv, 'none'),
    run('open', 'secret.bin', ...siv, 'secret.bin'),
    run('open', 'cipherkey', ...siv, 'cipherkey'),
  ]);
  expect(refused.map(({ code, stderr }) => [code, /\(([\w-]+)\)\n/.exec(stderr)?.[1]])).toEqual([
    [2, 'usage-wrong'],
    [2, 'usage-wrong'],
    [2, 'usage-wrong'],
    [2, 'usage-wrong'],
    [1, 'file-missing'],
    [4, 'format-wrong'],
    [4, 'cannot-open'],
  ]);
  expect(refused.map(({ stdout }) => stdout.toString()).join('')).toBe('');
});

test('what aliyun kms Encrypt prints opens, and programs are told that JSON was passed over', async () => {
  const { ciphertextBlob, keyId } = await keys().encrypt({
    keyId: KEY,
    plaintext: Buffer.from('secret').toString('base64'),
  });
  const file = join(small.folder, 'printed.json');
  await writeFile(file, JSON.stringify({ CiphertextBlob: ciphertextBlob, KeyId: keyId, RequestId: 'a' }));
  const [opened, decrypted] = await Promise.all([
    ossEnvelope([...options, '--json', 'open', file, '--format', 'kms', '-o', `${file}.opened`]),
    ossEnvelope([...options, '--json', 'kms-decrypt', file, '-o', `${file}.decrypted`]),
  ]);
  for (const { code, stderr } of [opened, decrypted]) expect([code, stderr]).toEqual([0, '']);
  const skipped = ['the JSON around the ciphertext'];
  expect([linesOf(opened), linesOf(decrypted)]).toMatchObject([[{ skipped }], [{ skipped }]]);
  for (const end of ['opened', 'decrypted']) expect(await readFile(`${file}.${end}`, 'utf8')).toBe('secret');
});
