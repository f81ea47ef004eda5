import { DeleteSecretRequest, RestoreSecretRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

describe('DeleteSecret and RestoreSecret', () => {
  const remove = (asked: object) => secrets.kms.client.deleteSecret(new DeleteSecretRequest(asked));
  const restore = (secretName: string) =>
    secrets.kms.client.restoreSecret(new RestoreSecretRequest({ secretName }));

  test('a deleted secret waits 30 days, can be restored, and is then gone [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    const { plannedDeleteTime } = await remove({ secretName });
    expect(Date.parse(plannedDeleteTime) - secrets.time.now()).toBe(30 * 86_400_000);
    for (const call of [
      secrets.value({ secretName }),
      secrets.newSecret({ secretName }),
      remove({ secretName }),
    ]) {
      expect(await codeOf(call)).toBe('Rejected.ResourceInDeleteWindow');
    }
    await restore(secretName);
    expect((await secrets.value({ secretName })).secretData).toBe('one');
    await remove({ secretName, recoveryWindowInDays: '7' });
    secrets.move(7 * 86_400_000);
    await secrets.kms.tick();
    expect(await codeOf(restore(secretName))).toBe('Forbidden.ResourceNotFound');
  });

  test('by force it is gone at once, and its name is free [documented]', async () => {
    const { secretName } = await secrets.newSecret();
    await remove({ secretName, forceDeleteWithoutRecovery: 'true' });
    expect(await codeOf(secrets.describeSecret({ secretName }))).toBe('Forbidden.ResourceNotFound');
    await secrets.newSecret({ secretName });
  });

  test.each([{ recoveryWindowInDays: '6' }, { recoveryWindowInDays: '31' }])(
    'DeleteSecret %j is an InvalidParameter [documented]',
    async (asked) => {
      const { secretName } = await secrets.newSecret();
      expect(await codeOf(remove({ secretName, ...asked }))).toBe('InvalidParameter');
    },
  );

  test('a secret that is not to be deleted is not restored [assumed]', async () => {
    const { secretName } = await secrets.newSecret();
    expect(await codeOf(restore(secretName))).toBe('InvalidParameter');
  });
});
