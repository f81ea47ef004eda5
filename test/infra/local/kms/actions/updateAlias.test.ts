import {
  CreateAliasRequest,
  CreateKeyRequest,
  DeleteAliasRequest,
  DescribeKeyRequest,
  ListAliasesByKeyIdRequest,
  UpdateAliasRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let [one, other] = ['', ''];
beforeAll(async () => {
  kms = await runKms();
  [one, other] = [await newKey(), await newKey()];
  for (const aliasName of ['alias/moves', 'alias/goes', 'alias/stays']) {
    await kms.client.createAlias(new CreateAliasRequest({ keyId: one, aliasName }));
  }
});
afterAll(() => kms.close());

const newKey = async () => (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
const keyOf = async (keyId: string) =>
  (await kms.client.describeKey(new DescribeKeyRequest({ keyId }))).keyMetadata.keyId;
const update = (aliasName: string, keyId: string) =>
  kms.client.updateAlias(new UpdateAliasRequest({ aliasName, keyId }));
const remove = (aliasName: string) => kms.client.deleteAlias(new DeleteAliasRequest({ aliasName }));

test('an alias names another key from then on, after a restart too [documented]', async () => {
  await update('alias/moves', other);
  expect(await keyOf('alias/moves')).toBe(other);
  const again = await runKms({ data: kms.data });
  const described = await again.client.describeKey(new DescribeKeyRequest({ keyId: 'alias/moves' }));
  await again.close();
  expect(described.keyMetadata.keyId).toBe(other);
});

test('a deleted alias names nothing, and its name is free [documented]', async () => {
  await remove('alias/goes');
  expect((await refusal(keyOf('alias/goes'))).code).toBe('Forbidden.AliasNotFound');
  await kms.client.createAlias(new CreateAliasRequest({ keyId: other, aliasName: 'alias/goes' }));
  expect(await keyOf('alias/goes')).toBe(other);
});

test('the aliases of one key are listed [documented]', async () => {
  const { aliases, totalCount } = await kms.client.listAliasesByKeyId(
    new ListAliasesByKeyIdRequest({ keyId: one, pageNumber: 1, pageSize: 100 }),
  );
  expect(aliases.alias.map(({ aliasName }) => aliasName)).toContain('alias/stays');
  expect(aliases.alias.every(({ keyId }) => keyId === one)).toBe(true);
  expect(Number(totalCount)).toBe(aliases.alias.length);
});

test('an alias that is not there [documented]', async () => {
  expect((await refusal(update('alias/nobody', one))).code).toBe('Forbidden.AliasNotFound');
  expect((await refusal(remove('alias/nobody'))).code).toBe('Forbidden.AliasNotFound');
});

test.each(['stays', 'alias/acs/oss', 'alias/'])('AliasName=%s is not valid [documented]', async (name) => {
  expect((await refusal(update(name, one))).code).toBe('InvalidParameter');
  expect((await refusal(remove(name))).code).toBe('InvalidParameter');
});

test('a key that is not there, or named by alias [documented]', async () => {
  const nobody = '00000000-0000-4000-8000-000000000000';
  expect((await refusal(update('alias/stays', nobody))).code).toBe('Forbidden.KeyNotFound');
  expect((await refusal(update('alias/stays', 'alias/moves'))).code).toBe('Unsupported.Alias');
});
