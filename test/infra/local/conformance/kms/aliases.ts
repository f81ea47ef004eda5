import { beforeAll, describe, expect, test } from 'vitest';
import { refusal } from '../../kms/running-kms';
import { aliasOf, call, keyId } from './scratch';

type Alias = { AliasName: string; KeyId: string; AliasArn: string };
type Page = { Aliases: { Alias: Alias[] }; TotalCount: number; PageNumber: number; PageSize: number };

const names = ['a', 'b', 'c'].map(aliasOf);
const [alias = ''] = names;
const create = (AliasName: string) => call('CreateAlias', { KeyId: keyId, AliasName });
const list = async (action: string, parameters: Record<string, string>) =>
  (await call(action, parameters)) as unknown as Page;
beforeAll(async () => {
  for (const name of names) await create(name);
});

describe('an alias', () => {
  test('stands for its key, whose id is answered [documented]', async () => {
    const { CiphertextBlob, KeyId } = await call('GenerateDataKey', { KeyId: alias });
    expect(KeyId).toBe(keyId);
    expect((await call('Decrypt', { CiphertextBlob: `${CiphertextBlob}` })).KeyId).toBe(keyId);
  });

  test('is described as its key [documented]', async () => {
    const { KeyMetadata } = (await call('DescribeKey', { KeyId: alias })) as unknown as {
      KeyMetadata: object;
    };
    expect(KeyMetadata).toMatchObject({ KeyId: keyId });
  });

  test('is there once [documented]', async () => {
    expect(await refusal(create(alias))).toMatchObject({ status: 400, code: 'AliasAlreadyExists' });
  });

  test('that is not there is 404 Forbidden.AliasNotFound [documented]', async () => {
    const unknown = call('GenerateDataKey', { KeyId: aliasOf('unknown') });
    expect(await refusal(unknown)).toMatchObject({ status: 404, code: 'Forbidden.AliasNotFound' });
    const deleted = call('DeleteAlias', { AliasName: aliasOf('unknown') });
    expect(await refusal(deleted)).toMatchObject({ status: 404, code: 'Forbidden.AliasNotFound' });
  });

  test.each(['conformance', 'alias/', 'alias/acs/conformance', `alias/${'x'.repeat(256)}`])(
    'cannot be %.30s [documented]',
    async (name) => {
      expect(await refusal(create(name))).toMatchObject({ status: 400, code: 'InvalidParameter' });
    },
  );

  test('can be moved to the key that it has, and be deleted [documented]', async () => {
    await create(aliasOf('moved'));
    await call('UpdateAlias', { KeyId: keyId, AliasName: aliasOf('moved') });
    await call('DeleteAlias', { AliasName: aliasOf('moved') });
    expect(await refusal(call('DescribeKey', { KeyId: aliasOf('moved') }))).toMatchObject({ status: 404 });
  });
});

describe('a list of aliases', () => {
  test('of a key names key and ARN [documented]', async () => {
    const { Aliases } = await list('ListAliasesByKeyId', { KeyId: keyId, PageSize: '100' });
    const own = Aliases.Alias.find(({ AliasName }) => AliasName === alias);
    expect(own).toMatchObject({
      KeyId: keyId,
      AliasArn: expect.stringMatching(new RegExp(`^acs:kms:.*:${alias}$`)),
    });
  });

  test('has pages, ten to a page unless told otherwise [documented]', async () => {
    const { PageNumber, PageSize } = await list('ListAliases', {});
    expect([PageNumber, PageSize]).toEqual([1, 10]);
    const seen: string[] = [];
    for (let number = 1; number <= 100; number++) {
      const { Aliases, TotalCount } = await list('ListAliases', {
        PageNumber: String(number),
        PageSize: '2',
      });
      expect(Aliases.Alias.length).toBeLessThanOrEqual(2);
      seen.push(...Aliases.Alias.map(({ AliasName }) => AliasName));
      if (seen.length >= TotalCount) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(names));
  });

  test('beyond the end is empty [documented]', async () => {
    const { Aliases } = await list('ListAliases', { PageNumber: '1000', PageSize: '100' });
    expect(Aliases.Alias).toEqual([]);
  });

  test.each([{ PageSize: '101' }, { PageNumber: '0' }])('%j is not valid [documented]', async (page) => {
    expect(await refusal(list('ListAliases', page))).toMatchObject({ status: 400, code: 'InvalidParameter' });
  });
});
