import { generateKeyPairSync } from 'node:crypto';
import { CreateKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recipient } from '../imported-key';
import { type RunningKms, runKms } from '../running-kms';

let kms: RunningKms;
let KeyId: string;
beforeAll(async () => {
  kms = await runKms();
  KeyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const call = async (parameters: Record<string, string>) =>
  (await kms.call({ ...recipient.parameters, ...parameters } as Record<string, string>)).body;

test('GenerateAndExportDataKey gives one data key in two wrappings [documented]', async () => {
  const made = await call({ Action: 'GenerateAndExportDataKey', KeyId, EncryptionContext: '{"a":"b"}' });
  const { CiphertextBlob } = made as Record<string, string>;
  const own = { CiphertextBlob: `${CiphertextBlob}`, EncryptionContext: '{"a":"b"}' };
  const { Plaintext } = (await kms.call({ Action: 'Decrypt', ...own })).body;
  expect(recipient.open(made.ExportedDataKey).toString('base64')).toBe(Plaintext);
  expect(made).not.toHaveProperty('Plaintext');
});

test.each([
  ['RSAES_OAEP_SHA_1', 'sha1'],
  ['RSAES_OAEP_SHA_256', 'sha256'],
])('ExportDataKey wraps with %s [documented]', async (WrappingAlgorithm, hash) => {
  const { CiphertextBlob, Plaintext } = (await kms.call({ Action: 'GenerateDataKey', KeyId })).body;
  const exported = await call({
    ...{ Action: 'ExportDataKey', CiphertextBlob: `${CiphertextBlob}`, WrappingAlgorithm },
  });
  expect(recipient.open(exported.ExportedDataKey, hash).toString('base64')).toBe(Plaintext);
  expect(exported.KeyId).toBe(KeyId);
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'der',
  type: 'spki',
});

describe('refused', () => {
  test.each([
    [{ PublicKeyBlob: '*' }, 'PublicKeyBlob'],
    [{ PublicKeyBlob: 'AAAA' }, 'PublicKeyBlob'],
    [{ PublicKeyBlob: ec.toString('base64') }, 'PublicKeyBlob'],
    [{ WrappingAlgorithm: 'RSAES_PKCS1_V1_5' }, 'WrappingAlgorithm'],
    [{ WrappingKeySpec: 'RSA_4096' }, 'WrappingKeySpec'],
    [{ NumberOfBytes: '1024' }, 'NumberOfBytes'],
  ])('%.50j for its %s [assumed]', async (wrong, name) => {
    const { Code, Message } = await call({ Action: 'GenerateAndExportDataKey', KeyId, ...wrong } as Record<
      string,
      string
    >);
    expect(Code).toBe('InvalidParameter');
    expect(Message).toContain(`"${name}"`);
  });
});
