import { CreateAliasRequest, CreateKeyRequest, ListAliasesRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
  for (const name of ['c', 'a', 'b']) {
    await kms.client.createAlias(new CreateAliasRequest({ keyId, aliasName: `alias/${name}` }));
  }
});
afterAll(() => kms.close());

const listAliases = (page: object) => kms.client.listAliases(new ListAliasesRequest(page));

test('aliases come with their key and ARN [documented]', async () => {
  const { aliases, totalCount, pageSize } = await listAliases({});
  expect(aliases.alias[0]).toMatchObject({
    aliasArn: `acs:kms:cn-hangzhou:${accountId}:alias/a`,
    aliasName: 'alias/a',
    keyId,
  });
  expect([Number(totalCount), Number(pageSize)]).toEqual([3, 10]);
});

test.each([
  [1, 2, ['alias/a', 'alias/b']],
  [2, 2, ['alias/c']],
  [3, 2, []],
  [1, 0, []],
])('page=%i,size=%i lists %j [documented]', async (pageNumber, pageSize, expected) => {
  const { aliases } = await listAliases({ pageNumber, pageSize });
  expect(aliases.alias.map(({ aliasName }) => aliasName)).toEqual(expected);
});

test.each([{ pageSize: 101 }, { pageNumber: 0 }, { pageNumber: 1.5 }])(
  '%j is not valid [documented]',
  async (page) => {
    expect((await refusal(listAliases(page))).code).toBe('InvalidParameter');
  },
);
