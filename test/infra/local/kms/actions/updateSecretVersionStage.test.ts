import { UpdateSecretVersionStageRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

const moveStage = (asked: object) =>
  secrets.kms.client.updateSecretVersionStage(new UpdateSecretVersionStageRequest(asked));

describe('UpdateSecretVersionStage', () => {
  test('moves ACSCurrent, and ACSPrevious follows [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    await secrets.put({ secretName, versionId: 'v2', secretData: 'two' });
    await moveStage({ secretName, versionStage: 'ACSCurrent', moveToVersion: 'v1' });
    expect(await secrets.versions(secretName)).toEqual([
      ['v1', 'ACSCurrent'],
      ['v2', 'ACSPrevious'],
    ]);
  });

  test('puts and takes a stage of its own [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    await moveStage({ secretName, versionStage: 'Mine', moveToVersion: 'v1' });
    expect(await secrets.versions(secretName)).toEqual([['v1', 'ACSCurrent', 'Mine']]);
    await moveStage({ secretName, versionStage: 'Mine', removeFromVersion: 'v1' });
    expect(await secrets.versions(secretName)).toEqual([['v1', 'ACSCurrent']]);
  });

  test.each([
    [{ versionStage: 'Mine' }, 'MissingParameter', '[documented]'],
    [{ versionStage: 'ACSCurrent', removeFromVersion: 'v1' }, 'MissingParameter', '[documented]'],
    [{ versionStage: 'Mine', removeFromVersion: 'v1' }, 'InvalidParameter', '[assumed]'],
    [{ versionStage: 'Mine', moveToVersion: 'v9' }, 'Forbidden.ResourceNotFound', '[assumed]'],
  ])('UpdateSecretVersionStage %j answers %s %s', async (asked, code, _witness) => {
    const { secretName } = await secrets.newSecret();
    expect(await codeOf(moveStage({ secretName, ...asked }))).toBe(code);
  });

  test('eight stages are the most [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    for (let n = 2; n <= 8; n++) await moveStage({ secretName, versionStage: `S${n}`, moveToVersion: 'v1' });
    expect(await codeOf(moveStage({ secretName, versionStage: 'S9', moveToVersion: 'v1' }))).toBe(
      'Rejected.LimitExceeded',
    );
  });
});
