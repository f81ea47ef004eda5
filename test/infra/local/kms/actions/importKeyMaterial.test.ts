import {
  CreateKeyRequest,
  DecryptRequest,
  DescribeKeyRequest,
  GenerateDataKeyRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importMaterial } from '../imported-key';
import { type RunningKms, refusal, runKms, standingTime } from '../running-kms';

const HOUR = 3_600_000;
const { now, move, clientTime } = standingTime();
const material = Buffer.alloc(32, 'material');
let kms: RunningKms;
/** Its material never ends. */
let KeyId: string;
beforeAll(async () => {
  kms = await runKms({ now, clientTime });
  KeyId = await newKey();
  await importMaterial(kms, { KeyId, material });
});
afterAll(() => kms.close());

const newKey = async () =>
  (await kms.client.createKey(new CreateKeyRequest({ origin: 'EXTERNAL' }))).keyMetadata.keyId;
const describeKey = async (keyId: string) =>
  (await kms.client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata;
const generate = (keyId: string) => kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId }));
const open = async (ciphertextBlob: string) =>
  (await kms.client.decrypt(new DecryptRequest({ ciphertextBlob }))).plaintext;
const codeOf = async (importing: ReturnType<typeof importMaterial>) => (await importing).body.Code;

test.each(['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'RSAES_PKCS1_V1_5'])(
  'material wrapped with %s makes the key usable [documented]',
  async (algorithm) => {
    const id = await newKey();
    expect((await importMaterial(kms, { KeyId: id, material, algorithm })).status).toBe(200);
    expect(await describeKey(id)).toMatchObject({ keyState: 'Enabled', materialExpireTime: '' });
    const { ciphertextBlob, plaintext } = await generate(id);
    expect(await open(ciphertextBlob)).toBe(plaintext);
  },
);

test('deleted material stops the key, the same material revives it, other material never [documented]', async () => {
  const { ciphertextBlob, plaintext } = await generate(KeyId);
  await kms.call({ Action: 'DeleteKeyMaterial', KeyId });
  expect((await refusal(open(ciphertextBlob))).code).toBe('Rejected.PendingImport');
  expect(await codeOf(importMaterial(kms, { KeyId, material: Buffer.alloc(32, 'other') }))).toBe(
    'InvalidKeyMaterial',
  );
  await importMaterial(kms, { KeyId, material });
  expect(await open(ciphertextBlob)).toBe(plaintext);
});

test('material that expires makes the key wait for it [documented]', async () => {
  const id = await newKey();
  await importMaterial(kms, { KeyId: id, material, expires: (now() + HOUR) / 1000 });
  expect(Date.parse((await describeKey(id)).materialExpireTime)).toBe(now() + HOUR);
  move(HOUR);
  await kms.tick();
  expect(await describeKey(id)).toMatchObject({ keyState: 'PendingImport', materialExpireTime: '' });
});

test('keys that share their material do not open each other [documented]', async () => {
  const id = await newKey();
  await importMaterial(kms, { KeyId: id, material });
  const blob = Buffer.from((await generate(KeyId)).ciphertextBlob, 'base64');
  blob.write((await describeKey(id)).primaryKeyVersion);
  expect((await refusal(open(blob.toString('base64')))).code).toBe('InvalidParameter');
});

test('a token serves again, after a restart too, but not after a day [documented]', async () => {
  const { parameters } = await importMaterial(kms, { KeyId, material });
  const again = await runKms({ data: kms.data, now, clientTime });
  const repeat = async () => (await again.call({ Action: 'ImportKeyMaterial', ...parameters })).body.Code;
  expect(await repeat()).toBe(undefined);
  move(24 * HOUR);
  expect(await repeat()).toBe('ExpiredImportToken');
  await again.close();
});

test('an imported key rotates neither by itself nor when told [documented]', async () => {
  expect((await kms.call({ Action: 'CreateKeyVersion', KeyId })).body.Code).toBe(
    'Rejected.UnsupportedOperation',
  );
  const policy = { EnableAutomaticRotation: 'true', RotationInterval: '7d' };
  const { body } = await kms.call({ Action: 'UpdateRotationPolicy', KeyId, ...policy });
  expect(body.Code).toBe('Rejected.UnsupportedOperation');
});

describe('refused', () => {
  test.each([
    [{ EncryptedKeyMaterial: '*' }, 'InvalidParameter'],
    [{ EncryptedKeyMaterial: 'AAAA' }, 'InvalidKeyMaterial'],
    [{ EncryptedKeyMaterial: Buffer.alloc(256, 1).toString('base64') }, 'InvalidKeyMaterial'],
    [{ ImportToken: 'AAAA' }, 'InvalidImportToken'],
    [{ KeyMaterialExpireUnix: '1' }, 'InvalidParameter'],
    [{ KeyMaterialExpireUnix: 'never' }, 'InvalidParameter'],
    [{ KeyMaterialExpireUnix: '' }, 'MissingParameter'],
  ])('%.60j answers %s [documented]', async (overrides, code) => {
    expect(await codeOf(importMaterial(kms, { KeyId, material, overrides }))).toBe(code);
  });

  test.each([31, 33])('%i bytes are not the material of an AES_256 key [documented]', async (bytes) => {
    expect(await codeOf(importMaterial(kms, { KeyId, material: Buffer.alloc(bytes) }))).toBe(
      'InvalidKeyMaterial',
    );
  });

  test("another key's token [documented]", async () => {
    const { parameters } = await importMaterial(kms, { KeyId, material });
    const other = { ...parameters, KeyId: await newKey() };
    expect((await kms.call({ Action: 'ImportKeyMaterial', ...other })).body.Code).toBe('InvalidImportToken');
  });

  test.each([
    [{ WrappingAlgorithm: 'RSAES_OAEP_SHA_512' }, 'InvalidParameter'],
    [{ WrappingAlgorithm: 'constructor' }, 'InvalidParameter'],
    [{ WrappingKeySpec: 'EC_SM2' }, 'InvalidParameter'],
  ])('parameters for import with %j [assumed]', async (wrong, code) => {
    const asked = { WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048', ...wrong };
    expect((await kms.call({ Action: 'GetParametersForImport', KeyId, ...asked })).body.Code).toBe(code);
  });

  test.each(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteKeyMaterial'])(
    '%s of a key that KMS made [documented]',
    async (Action) => {
      const own = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
      const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' };
      const sending = { EncryptedKeyMaterial: 'AAAA', ImportToken: 'AAAA', KeyMaterialExpireUnix: '0' };
      const theirs = { GetParametersForImport: wrapping, ImportKeyMaterial: sending }[Action] ?? {};
      const { body } = await kms.call({ Action, KeyId: own, ...theirs } as Record<string, string>);
      expect(body.Code).toBe('Unsupported.Origin');
    },
  );
});
