import { CreateKeyRequest, DecryptRequest, EncryptRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const encrypt = (plaintext: string, encryptionContext?: string) =>
  kms.client.encrypt(
    new EncryptRequest({ keyId, plaintext, ...(encryptionContext && { encryptionContext }) }),
  );
const decrypt = (ciphertextBlob: string, encryptionContext?: string) =>
  kms.client.decrypt(new DecryptRequest({ ciphertextBlob, ...(encryptionContext && { encryptionContext }) }));

test.each([1, 32, 6 * 1024])('%i bytes come back [documented]', async (bytes) => {
  const plaintext = Buffer.alloc(bytes, 'x').toString('base64');
  const { ciphertextBlob, keyVersionId } = await encrypt(plaintext, '{"a":"b"}');
  expect(await decrypt(ciphertextBlob, '{"a":"b"}')).toMatchObject({ keyId, keyVersionId, plaintext });
});

test('6145 bytes are too many [documented]', async () => {
  const { code, message } = await refusal(encrypt(Buffer.alloc(6145).toString('base64')));
  expect(code).toBe('InvalidParameter');
  expect(message).toContain('"Plaintext"');
});

test('another context does not open [documented]', async () => {
  const { ciphertextBlob } = await encrypt('AAAA', '{"a":"b"}');
  expect((await refusal(decrypt(ciphertextBlob))).code).toBe('InvalidParameter');
});

test("a text that is not base64 comes back as it is [observed in an official SDK's tests]", async () => {
  const { ciphertextBlob } = await encrypt('hello kms sdk for node.js');
  expect((await decrypt(ciphertextBlob)).plaintext).toBe('hello kms sdk for node.js');
});

test('no plaintext is a parameter that is missing [documented]', async () => {
  const { body } = await kms.call({ Action: 'Encrypt', KeyId: keyId, Plaintext: '' });
  expect(body.Code).toBe('MissingParameter');
});
