import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateKeyRequest,
  DisableKeyRequest,
  EnableKeyRequest,
  GetSecretValueRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, refusal, runKms } from '../running-kms';
import { codeOf, type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

describe('CreateSecret and GetSecretValue', () => {
  test('the first version is ACSCurrent [documented]', async () => {
    const { secretName, made } = await secrets.newSecret({ secretDataType: 'binary' });
    const arn = `acs:kms:cn-hangzhou:${accountId}:secret/${secretName}`;
    expect(made).toMatchObject({ arn, secretName, versionId: 'v1' });
    const current = { versionId: 'v1', secretData: 'one', secretDataType: 'binary' };
    expect(await secrets.value({ secretName })).toMatchObject({
      ...{ secretName, ...current, versionStages: { versionStage: ['ACSCurrent'] } },
    });
    expect(await secrets.value({ secretName: arn })).toMatchObject(current);
  });

  test('a name is taken once [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    expect(await refusal(secrets.newSecret({ secretName }))).toMatchObject({
      status: 409,
      code: 'Rejected.ResourceExist',
    });
  });

  test.each([
    [{ secretName: 'a b' }, 'InvalidParameter'],
    [{ versionId: 'v'.repeat(65) }, 'InvalidParameter'],
    [{ secretData: 'x'.repeat(30_721) }, 'InvalidParameter'],
    [{ secretDataType: 'json' }, 'InvalidParameter'],
    [{ encryptionKeyId: 'none' }, 'Forbidden.KeyNotFound'],
  ])('%.40j answers %s [assumed]', async (asked: object, code: string) => {
    expect(await codeOf(secrets.newSecret(asked))).toBe(code);
  });

  test('a secret of another type is not made here [assumed]', async () => {
    const asked = {
      Action: 'CreateSecret',
      SecretName: 'rds',
      VersionId: '1',
      SecretData: '{}',
      SecretType: 'Rds',
    };
    expect((await secrets.kms.call(asked)).body.Code).toBe('UnsupportedOperation');
  });

  test('what is not there is a Forbidden.ResourceNotFound [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    for (const asked of [
      { secretName: 'none' },
      { secretName, versionId: 'v2' },
      { secretName, versionStage: 'X' },
    ]) {
      expect(await refusal(secrets.value(asked))).toMatchObject({
        status: 404,
        code: 'Forbidden.ResourceNotFound',
      });
    }
  });

  test('a secret survives a restart, in a file for its owner only [assumed]', async () => {
    const { secretName } = await secrets.newSecret();
    const again = await runKms({ data: secrets.kms.data, ...secrets.time });
    const { secretData } = await again.client.getSecretValue(new GetSecretValueRequest({ secretName }));
    await again.close();
    expect(secretData).toBe('one');
    const folder = join(secrets.kms.data, 'kms', 'secrets');
    for (const file of await readdir(folder))
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });
});

test('a key of the caller protects the value: it is not in the file, and goes with the state of the key [documented]', async () => {
  const { keyId } = (await secrets.kms.client.createKey(new CreateKeyRequest({}))).keyMetadata;
  const { secretName } = await secrets.newSecret({
    encryptionKeyId: keyId,
    secretData: 'only under the key',
  });
  expect((await secrets.value({ secretName })).secretData).toBe('only under the key');
  expect(await secrets.describeSecret({ secretName })).toMatchObject({ encryptionKeyId: keyId });
  const folder = join(secrets.kms.data, 'kms', 'secrets');
  for (const file of await readdir(folder)) {
    expect(await readFile(join(folder, file), 'utf8')).not.toContain('only under the key');
  }
  await secrets.kms.client.disableKey(new DisableKeyRequest({ keyId }));
  expect(await codeOf(secrets.value({ secretName }))).toBe('Rejected.Disabled');
  await secrets.kms.client.enableKey(new EnableKeyRequest({ keyId }));
  expect((await secrets.value({ secretName })).versionId).toBe('v1');
});
