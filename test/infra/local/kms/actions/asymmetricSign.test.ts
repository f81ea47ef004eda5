import { createHash, verify as verifyMessage } from 'node:crypto';
import {
  AsymmetricSignRequest,
  AsymmetricVerifyRequest,
  CreateKeyRequest,
  CreateKeyVersionRequest,
  DisableKeyRequest,
  GetPublicKeyRequest,
  ListKeyVersionsRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms();
});
afterAll(() => kms.close());

const message = Buffer.from('what is signed');
const digest = createHash('sha256').update(message).digest('base64');

async function newKey(keySpec: string, keyUsage = 'SIGN/VERIFY') {
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({ keySpec, keyUsage }));
  const { keyId } = keyMetadata;
  const { keyVersions } = await kms.client.listKeyVersions(new ListKeyVersionsRequest({ keyId }));
  return { keyId, keyVersionId: keyVersions.keyVersion[0]?.keyVersionId ?? '' };
}
const sign = (asked: object) => kms.client.asymmetricSign(new AsymmetricSignRequest({ digest, ...asked }));
const isValid = async (asked: object) =>
  (await kms.client.asymmetricVerify(new AsymmetricVerifyRequest({ digest, ...asked }))).value;
const publicKeyOf = async (key: object) =>
  (await kms.client.getPublicKey(new GetPublicKeyRequest(key))).publicKey;
const pss = { padding: 6, saltLength: 32 };

describe('AsymmetricSign, AsymmetricVerify and GetPublicKey', () => {
  test.each([
    ['RSA_2048', 'RSA_PSS_SHA_256', pss],
    ['RSA_2048', 'RSA_PKCS1_SHA_256', {}],
    ['EC_P256', 'ECDSA_SHA_256', {}],
    ['EC_P256K', 'ECDSA_SHA_256', {}],
  ])(
    '%s signs with %s what others verify with its public key [documented]',
    async (spec, algorithm, padding) => {
      const key = await newKey(spec);
      const { value, ...answer } = await sign({ ...key, algorithm });
      expect(answer).toMatchObject(key);
      const publicKey = await publicKeyOf(key);
      const signature = Buffer.from(value, 'base64');
      expect(verifyMessage('sha256', message, { key: publicKey, ...padding }, signature)).toBe(true);
      expect(await isValid({ ...key, algorithm, value })).toBe(true);
      const other = createHash('sha256').update('other').digest('base64');
      expect(await isValid({ ...key, algorithm, value, digest: other })).toBe(false);
      signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      expect(await isValid({ ...key, algorithm, value: signature.toString('base64') })).toBe(false);
    },
  );

  test('a second version is a pair of its own, and the first one still signs [documented]', async () => {
    const first = await newKey('EC_P256');
    const { keyId } = first;
    const { keyVersion } = await kms.client.createKeyVersion(new CreateKeyVersionRequest({ keyId }));
    const second = { keyId, keyVersionId: keyVersion.keyVersionId };
    expect(await publicKeyOf(second)).not.toBe(await publicKeyOf(first));
    const algorithm = 'ECDSA_SHA_256';
    const { value } = await sign({ ...first, algorithm });
    expect(await isValid({ ...first, algorithm, value })).toBe(true);
    expect(await isValid({ ...second, algorithm, value })).toBe(false);
  });

  test('a key pair survives a restart [assumed]', async () => {
    const key = await newKey('EC_P256K');
    const again = await runKms({ data: kms.data });
    const { publicKey } = await again.client.getPublicKey(new GetPublicKeyRequest(key));
    await again.close();
    expect(publicKey).toBe(await publicKeyOf(key));
  });
});

describe('AsymmetricSign refuses', () => {
  test('what its key is not made for [documented]', async () => {
    const ec = await newKey('EC_P256');
    const codeOf = async (asked: object) =>
      (await refusal(sign({ algorithm: 'ECDSA_SHA_256', ...asked }))).code;
    expect(await codeOf({ ...ec, algorithm: 'RSA_PSS_SHA_256' })).toBe('InvalidParameter');
    expect(await codeOf({ ...ec, digest: Buffer.alloc(31).toString('base64') })).toBe('InvalidParameter');
    expect(await codeOf({ ...ec, keyVersionId: 'none' })).toBe('Forbidden.KeyVersionNotFound');
    expect(await codeOf({ ...ec, keyId: 'none' })).toBe('Forbidden.KeyNotFound');
    expect(await codeOf({ keyId: ec.keyId })).toBe('MissingParameter');
    await kms.client.disableKey(new DisableKeyRequest(ec));
    expect(await codeOf(ec)).toBe('Rejected.Disabled');
  });

  test('keys of another kind [assumed]', async () => {
    const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({}));
    const { keyId, primaryKeyVersion: keyVersionId } = keyMetadata;
    const algorithm = 'RSA_PSS_SHA_256';
    const codes = [{ keyId, keyVersionId }, await newKey('RSA_2048', 'ENCRYPT/DECRYPT')].map(async (key) => {
      return (await refusal(sign({ ...key, algorithm }))).code;
    });
    expect(await Promise.all(codes)).toEqual([
      'Rejected.UnsupportedOperation',
      'Rejected.UnsupportedOperation',
    ]);
  });
});
