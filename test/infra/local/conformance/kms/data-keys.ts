import { DecryptRequest, DescribeKeyRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../kms/running-kms';
import { call, client, keyId } from './scratch';

const generate = (parameters: object = {}) =>
  client.generateDataKey(new GenerateDataKeyRequest({ keyId, ...parameters }));
const decrypt = (ciphertextBlob: string) => client.decrypt(new DecryptRequest({ ciphertextBlob }));
const bytes = (base64: string) => Buffer.from(base64, 'base64');

describe('GenerateDataKey', () => {
  test.each([
    [{}, 32],
    [{ keySpec: 'AES_256' }, 32],
    [{ keySpec: 'AES_128' }, 16],
    [{ numberOfBytes: 1 }, 1],
    [{ numberOfBytes: 1024 }, 1024],
    [{ numberOfBytes: 24, keySpec: 'AES_256' }, 24],
  ])('%j gives %i bytes, which Decrypt gives again [documented]', async (size, length) => {
    const { plaintext, ciphertextBlob } = await generate(size);
    expect(bytes(plaintext).length).toBe(length);
    expect((await decrypt(ciphertextBlob)).plaintext).toBe(plaintext);
  });

  test.each([{ numberOfBytes: 0 }, { numberOfBytes: 1025 }, { keySpec: 'AES_512' }])(
    '%j is refused [documented]',
    async (size) => {
      expect(await refusal(generate(size))).toMatchObject({ status: 400, code: 'InvalidParameter' });
    },
  );

  test('names the key and its version, as Decrypt does [documented]', async () => {
    const { ciphertextBlob, keyVersionId, ...answer } = await generate();
    expect(answer).toMatchObject({ keyId, requestId: expect.any(String) });
    expect(await decrypt(ciphertextBlob)).toMatchObject({ keyId, keyVersionId });
  });

  test('is under the primary version [documented]', async () => {
    const { keyMetadata } = await client.describeKey(new DescribeKeyRequest({ keyId }));
    expect((await generate()).keyVersionId).toBe(keyMetadata.primaryKeyVersion);
  });

  test('never gives the same twice [documented]', async () => {
    const [one, two] = [await generate(), await generate()];
    expect(one.plaintext).not.toBe(two.plaintext);
    expect(one.ciphertextBlob).not.toBe(two.ciphertextBlob);
  });

  test('may keep the plaintext [documented]', async () => {
    const answer = await call('GenerateDataKeyWithoutPlaintext', { KeyId: keyId });
    expect(answer.Plaintext).toBeUndefined();
    expect(bytes((await decrypt(`${answer.CiphertextBlob}`)).plaintext).length).toBe(32);
  });
});

describe('Encrypt', () => {
  const encrypt = (size: number) =>
    call('Encrypt', { KeyId: keyId, Plaintext: Buffer.alloc(size, 7).toString('base64') });

  test.each([1, 6144])('%i bytes come back from Decrypt [documented]', async (size) => {
    const { CiphertextBlob } = await encrypt(size);
    expect(bytes((await decrypt(`${CiphertextBlob}`)).plaintext).equals(Buffer.alloc(size, 7))).toBe(true);
  });

  test('more than 6 KB are refused [documented]', async () => {
    expect(await refusal(encrypt(6145))).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });
});

describe('a blob', () => {
  test('names its key version in its first 36 bytes [assumed]', async () => {
    const { ciphertextBlob, keyVersionId } = await generate();
    expect(bytes(ciphertextBlob).subarray(0, 36).toString('latin1')).toBe(keyVersionId);
  });

  test('with a byte changed is refused [assumed]', async () => {
    const blob = bytes((await generate()).ciphertextBlob);
    blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1;
    expect(await refusal(decrypt(blob.toString('base64')))).toMatchObject({
      ...{ status: 400, code: 'InvalidParameter' },
      message: 'The specified parameter "CiphertextBlob" is not valid.',
    });
  });

  test("too short is refused [observed in an official SDK's tests]", async () => {
    expect(await refusal(decrypt('AAAA'))).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });
});
