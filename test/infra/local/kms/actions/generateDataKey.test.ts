import { CreateAliasRequest, CreateKeyRequest, GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
  await kms.client.createAlias(new CreateAliasRequest({ keyId, aliasName: 'alias/inbox' }));
});
afterAll(() => kms.close());

const generate = (asked: object) =>
  kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId: 'alias/inbox', ...asked }));

test.each([
  [{}, 32],
  [{ keySpec: 'AES_256' }, 32],
  [{ keySpec: 'AES_128' }, 16],
  [{ numberOfBytes: 1 }, 1],
  [{ numberOfBytes: 1024 }, 1024],
  [{ keySpec: 'AES_128', numberOfBytes: 64 }, 64],
])('%j makes a data key of %i bytes [documented]', async (asked, bytes) => {
  const answer = await generate(asked);
  expect(Buffer.from(answer.plaintext, 'base64')).toHaveLength(bytes);
  expect(answer.keyId).toBe(keyId);
});

test("the blob is the key version, an iv, and the wrapped base64 text [observed in an official SDK's tests]", async () => {
  const { ciphertextBlob, keyVersionId, plaintext } = await generate({});
  const blob = Buffer.from(ciphertextBlob, 'base64');
  expect(blob.subarray(0, 36).toString()).toBe(keyVersionId);
  expect(blob).toHaveLength(36 + 12 + plaintext.length + 16);
  expect(ciphertextBlob).toHaveLength(144);
});

test('no two data keys and no two blobs are alike [documented]', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => generate({})));
  expect(new Set(made.flatMap(({ plaintext, ciphertextBlob }) => [plaintext, ciphertextBlob])).size).toBe(40);
});

test.each([{ keySpec: 'AES_512' }, { numberOfBytes: 0 }, { numberOfBytes: 1025 }])(
  '%j is not valid [documented]',
  async (asked) => {
    expect(await refusal(generate(asked))).toMatchObject({ code: 'InvalidParameter', status: 400 });
  },
);

test('a context given as an object, which the client flattens, is refused by name [assumed]', async () => {
  const { code, message } = await refusal(generate({ encryptionContext: { bucket: 'in' } }));
  expect(code).toBe('InvalidParameter');
  expect(message).toMatch(/"EncryptionContext\.bucket" is not valid\. EncryptionContext is one JSON string/);
});
