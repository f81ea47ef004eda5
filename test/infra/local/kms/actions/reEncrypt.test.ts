import { CreateKeyRequest, CreateKeyVersionRequest, DecryptRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms();
});
afterAll(() => kms.close());

const newKey = async () => (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;

async function newDataKey(KeyId: string, EncryptionContext?: string): Promise<Record<string, string>> {
  const context = EncryptionContext === undefined ? {} : { EncryptionContext };
  const { body } = await kms.call({ Action: 'GenerateDataKey', KeyId, ...context });
  return body as Record<string, string>;
}

async function reEncrypt(parameters: Record<string, string>): Promise<Record<string, string>> {
  return (await kms.call({ Action: 'ReEncrypt', ...parameters })).body as Record<string, string>;
}

const open = (ciphertextBlob: string, encryptionContext?: string) =>
  kms.client.decrypt(new DecryptRequest({ ciphertextBlob, ...(encryptionContext && { encryptionContext }) }));

test('a data key moves to another key [documented]', async () => {
  const [from, to] = [await newKey(), await newKey()];
  const { CiphertextBlob = '', Plaintext } = await newDataKey(from);
  const moved = await reEncrypt({ CiphertextBlob, DestinationKeyId: to });
  expect(moved.KeyId).toBe(to);
  expect(await open(`${moved.CiphertextBlob}`)).toMatchObject({ keyId: to, plaintext: Plaintext });
});

test('a data key moves to another context, and the old one no longer opens it [documented]', async () => {
  const DestinationKeyId = await newKey();
  const { CiphertextBlob = '', Plaintext } = await newDataKey(DestinationKeyId, '{"key":"old"}');
  const contexts = {
    SourceEncryptionContext: '{"key":"old"}',
    DestinationEncryptionContext: '{"key":"new"}',
  };
  const moved = await reEncrypt({ CiphertextBlob, DestinationKeyId, ...contexts });
  expect((await open(`${moved.CiphertextBlob}`, '{"key":"new"}')).plaintext).toBe(Plaintext);
  expect((await refusal(open(`${moved.CiphertextBlob}`, '{"key":"old"}'))).code).toBe('InvalidParameter');
});

test('a data key moves to the newest version of its key [documented]', async () => {
  const keyId = await newKey();
  const { CiphertextBlob = '', KeyVersionId } = await newDataKey(keyId);
  const { keyVersion } = await kms.client.createKeyVersion(new CreateKeyVersionRequest({ keyId }));
  const moved = await reEncrypt({ CiphertextBlob, DestinationKeyId: keyId });
  expect(moved.KeyVersionId).toBe(keyVersion.keyVersionId);
  expect(moved.KeyVersionId).not.toBe(KeyVersionId);
});

test('a wrong source context opens nothing [documented]', async () => {
  const DestinationKeyId = await newKey();
  const { CiphertextBlob = '' } = await newDataKey(DestinationKeyId, '{"a":"b"}');
  expect((await reEncrypt({ CiphertextBlob, DestinationKeyId })).Code).toBe('InvalidParameter');
});

test.each([
  ['SourceEncryptionContext.a', 'InvalidParameter'],
  ['DestinationEncryptionContext.a', 'InvalidParameter'],
  ['SourceKeyId', 'UnsupportedOperation'],
])('%s answers %s and is named [assumed]', async (name, code) => {
  const { Code, Message } = await reEncrypt({ CiphertextBlob: 'AAAA', DestinationKeyId: 'x', [name]: 'b' });
  expect(Code).toBe(code);
  expect(Message).toContain(name);
});

test('a destination that is not there is a key not found [documented]', async () => {
  const { CiphertextBlob = '' } = await newDataKey(await newKey());
  const to = { DestinationKeyId: '00000000-0000-4000-8000-000000000000' };
  expect((await reEncrypt({ CiphertextBlob, ...to })).Code).toBe('Forbidden.KeyNotFound');
});
