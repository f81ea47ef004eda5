import { createDecipheriv, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKeyOperations } from '../../../cli/cloud/key-operations';
import { kmsClient } from '../../../functions/cloud/kms-client';
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
  return openKeyOperations(
    kmsClient({ region: small.cloud.region, credentials: small.cloud.root }, small.cloud.kms.endpoint),
  );
}

test('a message of the Encryption SDK opens under its context, and a changed one leaves no file', async () => {
  const context = { a: '1', ü: '"2"' };
  const [dataKey, plaintext] = [randomBytes(32), randomBytes(200_000)];
  const wrapped = await keys().encrypt(KEY, dataKey.toString('base64'), JSON.stringify(context));
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
  const wrap = async (bytes: Buffer) => (await keys().encrypt(KEY, bytes.toString('base64'))).ciphertextBlob;
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
