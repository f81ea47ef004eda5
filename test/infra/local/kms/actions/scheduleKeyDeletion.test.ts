import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CancelKeyDeletionRequest,
  CreateAliasRequest,
  CreateKeyRequest,
  DecryptRequest,
  DescribeKeyRequest,
  GenerateDataKeyRequest,
  ScheduleKeyDeletionRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms, standingTime } from '../running-kms';

const DAY = 86_400_000;
const { now, move, clientTime } = standingTime();
let kms: RunningKms;
beforeAll(async () => {
  kms = await runKms({ now, clientTime });
});
afterAll(() => kms.close());

const newKey = async () => (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
const schedule = (keyId: string, pendingWindowInDays: number) =>
  kms.client.scheduleKeyDeletion(new ScheduleKeyDeletionRequest({ keyId, pendingWindowInDays }));
const describeKey = async (keyId: string) =>
  (await kms.client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata;

async function pass(ms: number): Promise<void> {
  move(ms);
  await kms.tick();
}

test('a key is gone when its days have passed, with its aliases and file [documented]', async () => {
  const keyId = await newKey();
  const { ciphertextBlob } = await kms.client.generateDataKey(new GenerateDataKeyRequest({ keyId }));
  await kms.client.createAlias(new CreateAliasRequest({ keyId, aliasName: 'alias/gone' }));
  await schedule(keyId, 7);
  expect(Date.parse((await describeKey(keyId)).deleteDate)).toBe(now() + 7 * DAY);
  await pass(7 * DAY - 1000);
  expect((await describeKey(keyId)).keyState).toBe('PendingDeletion');
  await pass(1000);
  expect((await refusal(describeKey(keyId))).code).toBe('Forbidden.KeyNotFound');
  expect((await refusal(describeKey('alias/gone'))).code).toBe('Forbidden.AliasNotFound');
  const decrypt = kms.client.decrypt(new DecryptRequest({ ciphertextBlob }));
  expect((await refusal(decrypt)).code).toBe('Forbidden.KeyNotFound');
  expect(await readdir(join(kms.data, 'kms', 'keys'))).not.toContain(`${keyId}.json`);
});

test('what is cancelled in time stays, and is enabled [documented]', async () => {
  const keyId = await newKey();
  await schedule(keyId, 7);
  await pass(6 * DAY);
  await kms.client.cancelKeyDeletion(new CancelKeyDeletionRequest({ keyId }));
  await pass(10 * DAY);
  expect(await describeKey(keyId)).toMatchObject({ keyState: 'Enabled', deleteDate: '' });
});

test('a deletion survives a restart [assumed]', async () => {
  const keyId = await newKey();
  await schedule(keyId, 366);
  const again = await runKms({ data: kms.data, now, clientTime });
  move(366 * DAY);
  await again.tick();
  const gone = again.client.describeKey(new DescribeKeyRequest({ keyId }));
  expect((await refusal(gone)).code).toBe('Forbidden.KeyNotFound');
  await again.close();
});

test.each([6, 367, -7, 7.5])('PendingWindowInDays=%f is not valid [documented]', async (days) => {
  expect((await refusal(schedule(await newKey(), days))).code).toBe('InvalidParameter');
});

test('no window is a parameter that is missing [documented]', async () => {
  const { body } = await kms.call({ Action: 'ScheduleKeyDeletion', KeyId: await newKey() });
  expect(body.Code).toBe('MissingParameter');
});

test('an alias is not valid where a key is to be named [documented]', async () => {
  expect((await refusal(schedule('alias/any', 7))).code).toBe('Unsupported.Alias');
});
