import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateKeyRequest, DescribeKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms({ now: () => Math.floor(Date.now() / 1000) * 1000 });
});
afterAll(() => kms.close());

test('a key is enabled, symmetric and has a primary version [documented]', async () => {
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({ description: 'inbox' }));
  expect(keyMetadata).toMatchObject({
    arn: `acs:kms:cn-hangzhou:${accountId}:key/${keyMetadata.keyId}`,
    automaticRotation: 'Disabled',
    creator: accountId,
    description: 'inbox',
    keySpec: 'Aliyun_AES_256',
    keyState: 'Enabled',
    keyUsage: 'ENCRYPT/DECRYPT',
    origin: 'Aliyun_KMS',
    protectionLevel: 'SOFTWARE',
  });
  expect(keyMetadata.creationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(keyMetadata.primaryKeyVersion).toMatch(/^[0-9a-f-]{36}$/);
});

test('a key survives a restart, in a file for its owner only [assumed]', async () => {
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({ protectionLevel: 'HSM' }));
  const again = await runKms({ data: kms.data });
  const described = await again.client.describeKey(new DescribeKeyRequest({ keyId: keyMetadata.keyId }));
  await again.close();
  expect(described.keyMetadata).toEqual(keyMetadata);
  const folder = join(kms.data, 'kms', 'keys');
  for (const file of await readdir(folder)) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
});

test.each([
  ['RSA_2048', 'ENCRYPT/DECRYPT'],
  ['RSA_3072', 'SIGN/VERIFY'],
  ['EC_P256', undefined],
  ['EC_P256K', 'SIGN/VERIFY'],
])('a key pair %s for %s has no primary version [documented]', async (keySpec, keyUsage) => {
  const asked = { keySpec, ...(keyUsage !== undefined && { keyUsage }) };
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest(asked));
  expect(keyMetadata).toMatchObject({ keySpec, keyUsage: keyUsage ?? 'SIGN/VERIFY', keyState: 'Enabled' });
  expect(keyMetadata.primaryKeyVersion).toBeUndefined();
  const described = await kms.client.describeKey(new DescribeKeyRequest({ keyId: keyMetadata.keyId }));
  expect(described.keyMetadata).toMatchObject({ keySpec, automaticRotation: 'Disabled' });
});

test.each([
  [{ keySpec: 'EC_P256', keyUsage: 'ENCRYPT/DECRYPT' }, 'InvalidParameter'],
  [{ keyUsage: 'SIGN/VERIFY' }, 'InvalidParameter'],
  [{ keySpec: 'RSA_2048', origin: 'EXTERNAL' }, 'Unsupported.Origin'],
])('%j answers %s [assumed]', async (asked, code) => {
  expect(await refusal(kms.client.createKey(new CreateKeyRequest(asked)))).toMatchObject({ code });
});

test.each([{ origin: 'OTHER' }, { keySpec: 'EC_SM2' }, { keySpec: 'Aliyun_SM4' }, { keyUsage: 'OTHER' }])(
  '%j is not made here [assumed]',
  async (asked) => {
    const { code, status } = await refusal(kms.client.createKey(new CreateKeyRequest(asked)));
    expect({ code, status }).toEqual({ code: 'UnsupportedOperation', status: 400 });
  },
);

test('a key of outside waits for its material [documented]', async () => {
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({ origin: 'EXTERNAL' }));
  expect(keyMetadata).toMatchObject({ keyState: 'PendingImport', origin: 'EXTERNAL' });
});

test('a key rotates by itself when asked to, and says when next [documented]', async () => {
  const asked = { enableAutomaticRotation: true, rotationInterval: '7d' };
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest(asked));
  expect(keyMetadata).toMatchObject({ automaticRotation: 'Enabled', rotationInterval: '604800s' });
  const interval = Date.parse(keyMetadata.nextRotationDate) - Date.parse(keyMetadata.creationDate);
  expect(interval).toBe(604_800_000);
});

test.each([
  [{ EnableAutomaticRotation: 'true' }, 'MissingParameter'],
  [{ EnableAutomaticRotation: 'maybe' }, 'InvalidParameter'],
  [{ EnableAutomaticRotation: 'true', RotationInterval: '6d' }, 'InvalidParameter'],
  [
    { EnableAutomaticRotation: 'true', RotationInterval: '7d', Origin: 'EXTERNAL' },
    'Rejected.UnsupportedOperation',
  ],
  [
    { EnableAutomaticRotation: 'true', RotationInterval: '7d', KeySpec: 'EC_P256' },
    'Rejected.UnsupportedOperation',
  ],
  [{ Description: 'x'.repeat(8193) }, 'InvalidParameter'],
])('%.60j answers %s [documented]', async (asked, code) => {
  expect((await kms.call({ Action: 'CreateKey', ...asked }, { form: true })).body.Code).toBe(code);
});

test('tags, policy and instance are kept from the start [documented]', async () => {
  const Policy = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { RAM: 'acs:ram::1:root' } }],
  });
  const asked = {
    Action: 'CreateKey',
    DKMSInstanceId: 'kst-1',
    Policy,
    Tags: '[{"TagKey":"a","TagValue":"b"}]',
  };
  const { KeyId, DKMSInstanceId } = (await kms.call(asked)).body.KeyMetadata as Record<string, string>;
  expect(DKMSInstanceId).toBe('kst-1');
  const key = { KeyId: `${KeyId}` };
  expect((await kms.call({ Action: 'GetKeyPolicy', ...key })).body.Policy).toBe(Policy);
  expect((await kms.call({ Action: 'ListResourceTags', ...key })).body.Tags).toEqual({
    Tag: [{ ...key, TagKey: 'a', TagValue: 'b' }],
  });
});
