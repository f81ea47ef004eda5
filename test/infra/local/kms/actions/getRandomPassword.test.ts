import { GetRandomPasswordRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

describe('GetRandomPassword', () => {
  const password = async (asked: object = {}) =>
    (await secrets.kms.client.getRandomPassword(new GetRandomPasswordRequest(asked))).randomPassword;

  test('has 32 characters of all types unless told otherwise [documented]', async () => {
    const [one, other] = [await password(), await password({ passwordLength: '8' })];
    expect([one.length, other.length]).toEqual([32, 8]);
    for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(other).toMatch(type);
  });

  test('leaves out what it is told to [documented]', async () => {
    const asked = {
      excludePunctuation: 'true',
      excludeUppercase: 'true',
      excludeCharacters: '0123456789abc',
    };
    expect(await password({ ...asked, passwordLength: '128' })).toMatch(/^[d-z]{128}$/);
  });

  test.each([{ passwordLength: '7' }, { passwordLength: '129' }, { excludeNumbers: 'yes' }])(
    'GetRandomPassword %j is an InvalidParameter [documented]',
    async (asked) => {
      expect(await codeOf(password(asked))).toBe('InvalidParameter');
    },
  );
});
