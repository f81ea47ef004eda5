import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

describe('PutSecretValue and ListSecretVersionIds', () => {
  test('a new version is ACSCurrent, and the former one ACSPrevious [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    const { versionStages } = await secrets.put({ secretName, versionId: 'v2', secretData: 'two' });
    expect(versionStages.versionStage).toEqual(['ACSCurrent']);
    await secrets.put({ secretName, versionId: 'v3', secretData: 'three' });
    expect(await secrets.versions(secretName)).toEqual([['v1'], ['v2', 'ACSPrevious'], ['v3', 'ACSCurrent']]);
    expect(await secrets.versions(secretName, 'false')).toEqual([
      ['v2', 'ACSPrevious'],
      ['v3', 'ACSCurrent'],
    ]);
    expect((await secrets.value({ secretName, versionStage: 'ACSPrevious' })).secretData).toBe('two');
    expect((await secrets.value({ secretName, versionId: 'v1' })).secretData).toBe('one');
  });

  test('other stages may be named instead [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    await secrets.put({ secretName, versionId: 'v2', secretData: 'two', versionStages: '["ACSNext"]' });
    expect(await secrets.versions(secretName)).toEqual([
      ['v1', 'ACSCurrent'],
      ['v2', 'ACSNext'],
    ]);
    expect(
      await codeOf(secrets.put({ secretName, versionId: 'v3', secretData: 'x', versionStages: 'ACSNext' })),
    ).toBe('InvalidParameter');
  });

  test('a version id with the same value changes nothing, with another it is refused [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    await secrets.put({ secretName, versionId: 'v1', secretData: 'one' });
    expect(await secrets.versions(secretName)).toEqual([['v1', 'ACSCurrent']]);
    expect(await codeOf(secrets.put({ secretName, versionId: 'v1', secretData: 'other' }))).toBe(
      'Rejected.ResourceExist',
    );
  });

  test('there are ten versions at most, the latest [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    for (let n = 2; n <= 12; n++) await secrets.put({ secretName, versionId: `v${n}`, secretData: `${n}` });
    expect((await secrets.versions(secretName)).map(([id]) => id)).toEqual(
      [3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `v${n}`),
    );
  });
});
