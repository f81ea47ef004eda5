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

test.each([{ origin: 'EXTERNAL' }, { keySpec: 'RSA_2048' }, { keyUsage: 'SIGN/VERIFY' }])(
  '%j is not made here [assumed]',
  async (asked) => {
    const { code, status } = await refusal(kms.client.createKey(new CreateKeyRequest(asked)));
    expect({ code, status }).toEqual({ code: 'UnsupportedOperation', status: 400 });
  },
);
