import { CreateKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, runKms } from '../running-kms';

let kms: RunningKms;
let KeyId: string;
let ProtectedResourceArn: string;
beforeAll(async () => {
  kms = await runKms();
  const { keyMetadata } = await kms.client.createKey(new CreateKeyRequest({}));
  ({ keyId: KeyId, arn: ProtectedResourceArn } = keyMetadata);
});
afterAll(() => kms.close());

const protect = (EnableDeletionProtection: string, more: Record<string, string> = {}) =>
  kms.call({ Action: 'SetDeletionProtection', ProtectedResourceArn, EnableDeletionProtection, ...more });
const metadata = async () => (await kms.call({ Action: 'DescribeKey', KeyId })).body.KeyMetadata;
const schedule = () => kms.call({ Action: 'ScheduleKeyDeletion', KeyId, PendingWindowInDays: '7' });

test('a protected key says so and cannot be deleted until it is freed [documented]', async () => {
  expect(await metadata()).toMatchObject({ DeletionProtection: 'Disabled' });
  await protect('true', { DeletionProtectionDescription: 'the vault needs it' });
  expect(await metadata()).toMatchObject({
    DeletionProtection: 'Enabled',
    DeletionProtectionDescription: 'the vault needs it',
  });
  expect((await schedule()).status).toBe(400);
  await protect('false');
  expect((await schedule()).status).toBe(200);
});

test('a key that is about to be deleted is protected no more [assumed]', async () => {
  await schedule();
  expect((await protect('true')).body.Code).toBe('Rejected.PendingDeletion');
});

test.each([
  ['perhaps', {}, 'InvalidParameter'],
  ['', {}, 'MissingParameter'],
  ['true', { ProtectedResourceArn: '' }, 'MissingParameter'],
  ['true', { ProtectedResourceArn: 'not-an-arn' }, 'InvalidParameter'],
  ['true', { ProtectedResourceArn: 'acs:kms:cn-beijing:1:key/a' }, 'Forbidden.KeyNotFound'],
])('%s with %j answers %s [assumed]', async (enable, wrong, code) => {
  expect((await protect(enable, wrong as Record<string, string>)).body.Code).toBe(code);
});
