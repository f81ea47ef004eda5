import {
  CreateKeyRequest,
  DescribeKeyRequest,
  DisableKeyRequest,
  EnableKeyRequest,
  UpdateRotationPolicyRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, runKms, standingTime } from '../running-kms';

const DAY = 86_400_000;
const { now, move, clientTime } = standingTime();
let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms({ now, clientTime });
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const update = (enableAutomaticRotation: boolean, rotationInterval?: string) =>
  kms.client.updateRotationPolicy(
    new UpdateRotationPolicyRequest({
      keyId,
      enableAutomaticRotation,
      ...(rotationInterval && { rotationInterval }),
    }),
  );
const describeKey = async () => (await kms.client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata;

async function pass(ms: number): Promise<void> {
  move(ms);
  await kms.tick();
}

test('a key gets a new version when its interval has passed, and again [documented]', async () => {
  await update(true, '7d');
  const first = await describeKey();
  expect(first).toMatchObject({ automaticRotation: 'Enabled', rotationInterval: '604800s' });
  await pass(7 * DAY - 1000);
  expect((await describeKey()).primaryKeyVersion).toBe(first.primaryKeyVersion);
  await pass(1000);
  const second = await describeKey();
  expect(second.primaryKeyVersion).not.toBe(first.primaryKeyVersion);
  expect(Date.parse(second.nextRotationDate)).toBe(now() + 7 * DAY);
  await pass(7 * DAY);
  expect((await describeKey()).primaryKeyVersion).not.toBe(second.primaryKeyVersion);
});

test('a disabled key rests, and rotates once it is enabled again [documented]', async () => {
  await update(true, '604800s');
  await kms.client.disableKey(new DisableKeyRequest({ keyId }));
  const { primaryKeyVersion } = await describeKey();
  await pass(30 * DAY);
  expect(await describeKey()).toMatchObject({ automaticRotation: 'Suspended', primaryKeyVersion });
  await kms.client.enableKey(new EnableKeyRequest({ keyId }));
  await kms.tick();
  expect((await describeKey()).primaryKeyVersion).not.toBe(primaryKeyVersion);
});

test('turned off, a key rotates no more [documented]', async () => {
  await update(false);
  const { primaryKeyVersion, automaticRotation } = await describeKey();
  await pass(1000 * DAY);
  expect(automaticRotation).toBe('Disabled');
  expect((await describeKey()).primaryKeyVersion).toBe(primaryKeyVersion);
});

test.each([
  ['7d', undefined],
  ['168h', undefined],
  ['10080m', undefined],
  ['730d', undefined],
  ['', 'MissingParameter'],
  ['604799s', 'InvalidParameter'],
  ['731d', 'InvalidParameter'],
  ['7', 'InvalidParameter'],
  ['-7d', 'InvalidParameter'],
  ['1e9d', 'InvalidParameter'],
])('RotationInterval=%s answers %s [documented]', async (RotationInterval, code) => {
  const asked = { KeyId: keyId, EnableAutomaticRotation: 'true', RotationInterval };
  expect((await kms.call({ Action: 'UpdateRotationPolicy', ...asked })).body.Code).toBe(code);
});

test('imported material is not rotated [documented]', async () => {
  const { KeyMetadata } = (await kms.call({ Action: 'CreateKey', Origin: 'EXTERNAL' })).body;
  const asked = { KeyId: (KeyMetadata as { KeyId: string }).KeyId, EnableAutomaticRotation: 'false' };
  expect((await kms.call({ Action: 'UpdateRotationPolicy', ...asked })).body.Code).toBe(
    'Rejected.PendingImport',
  );
});
