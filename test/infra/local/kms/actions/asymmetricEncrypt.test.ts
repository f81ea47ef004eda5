import { constants, publicEncrypt } from 'node:crypto';
import {
  AsymmetricDecryptRequest,
  AsymmetricEncryptRequest,
  CreateKeyRequest,
  DecryptRequest,
  EncryptRequest,
  GenerateDataKeyRequest,
  GetPublicKeyRequest,
  ListKeyVersionsRequest,
  UpdateRotationPolicyRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
const keys: Record<string, { keyId: string; keyVersionId: string }> = {};
beforeAll(async () => {
  kms = await runKms();
  for (const keySpec of ['RSA_2048', 'RSA_3072']) {
    const asked = new CreateKeyRequest({ keySpec, keyUsage: 'ENCRYPT/DECRYPT' });
    const { keyId } = (await kms.client.createKey(asked)).keyMetadata;
    const { keyVersions } = await kms.client.listKeyVersions(new ListKeyVersionsRequest({ keyId }));
    keys[keySpec] = { keyId, keyVersionId: keyVersions.keyVersion[0]?.keyVersionId ?? '' };
  }
});
afterAll(() => kms.close());

const encrypt = (asked: object) => kms.client.asymmetricEncrypt(new AsymmetricEncryptRequest(asked));
const decrypt = (asked: object) => kms.client.asymmetricDecrypt(new AsymmetricDecryptRequest(asked));
const bytes = (length: number) => Buffer.alloc(length, 7).toString('base64');

describe('AsymmetricEncrypt and AsymmetricDecrypt', () => {
  test.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
    ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
    ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
  ])('%s with %s takes %i bytes, and they come back [documented]', async (spec, algorithm, most) => {
    const key = { ...keys[spec], algorithm };
    const { ciphertextBlob, ...answer } = await encrypt({ ...key, plaintext: bytes(most) });
    expect(answer).toMatchObject(keys[spec] ?? {});
    expect((await decrypt({ ...key, ciphertextBlob })).plaintext).toBe(bytes(most));
    const tooLong = await refusal(encrypt({ ...key, plaintext: bytes(most + 1) }));
    expect(tooLong).toMatchObject({
      code: 'InvalidParameter',
      message: expect.stringContaining('"Plaintext"'),
    });
  });

  test('what others encrypt with the public key is opened [documented]', async () => {
    const { publicKey: key } = await kms.client.getPublicKey(new GetPublicKeyRequest(keys.RSA_2048));
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const blob = publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from('hello'));
    const asked = {
      ...keys.RSA_2048,
      algorithm: 'RSAES_OAEP_SHA_256',
      ciphertextBlob: blob.toString('base64'),
    };
    expect(Buffer.from((await decrypt(asked)).plaintext, 'base64').toString()).toBe('hello');
  });

  test('another hash or key does not open [assumed]', async () => {
    const algorithm = 'RSAES_OAEP_SHA_256';
    const { ciphertextBlob } = await encrypt({ ...keys.RSA_2048, algorithm, plaintext: bytes(8) });
    for (const key of [
      { ...keys.RSA_2048, algorithm: 'RSAES_OAEP_SHA_1' },
      { ...keys.RSA_3072, algorithm },
    ]) {
      expect(await refusal(decrypt({ ...key, ciphertextBlob }))).toMatchObject({
        ...{ code: 'InvalidParameter', message: 'The specified parameter "CiphertextBlob" is not valid.' },
      });
    }
  });

  test('an asymmetric key wraps no data key, encrypts by no other name and does not rotate [documented]', async () => {
    const { keyId = '', keyVersionId = '' } = keys.RSA_2048 ?? {};
    const { client } = kms;
    const rotation = { keyId, enableAutomaticRotation: true, rotationInterval: '7d' };
    for (const call of [
      client.generateDataKey(new GenerateDataKeyRequest({ keyId })),
      client.encrypt(new EncryptRequest({ keyId, plaintext: bytes(8) })),
      client.updateRotationPolicy(new UpdateRotationPolicyRequest(rotation)),
    ]) {
      expect((await refusal(call)).code).toBe('Rejected.UnsupportedOperation');
    }
    const forged = Buffer.concat([Buffer.from(keyVersionId), Buffer.alloc(60)]).toString('base64');
    const call = client.decrypt(new DecryptRequest({ ciphertextBlob: forged }));
    expect((await refusal(call)).code).toBe('InvalidParameter');
  });
});
