import {
  CreateKeyRequest,
  DecryptRequest,
  GenerateDataKeyWithoutPlaintextRequest,
} from '@alicloud/kms20160120';
import { expect, test } from 'vitest';
import { runKms } from '../running-kms';

test('the data key is wrapped and not told, and opens later [documented]', async () => {
  const { client, call, close } = await runKms();
  const { keyId } = (await client.createKey(new CreateKeyRequest({}))).keyMetadata;
  const made = await client.generateDataKeyWithoutPlaintext(
    new GenerateDataKeyWithoutPlaintextRequest({ keyId, keySpec: 'AES_128', encryptionContext: '{"a":"b"}' }),
  );
  const opened = await client.decrypt(
    new DecryptRequest({ ciphertextBlob: made.ciphertextBlob, encryptionContext: '{"a":"b"}' }),
  );
  expect(Buffer.from(opened.plaintext, 'base64')).toHaveLength(16);
  expect(made).toMatchObject({ keyId, keyVersionId: opened.keyVersionId });
  const { body } = await call({ Action: 'GenerateDataKeyWithoutPlaintext', KeyId: keyId });
  expect(Object.keys(body).sort()).toEqual(['CiphertextBlob', 'KeyId', 'KeyVersionId', 'RequestId']);
  await close();
});
