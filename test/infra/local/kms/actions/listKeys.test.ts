import { CreateKeyRequest, DisableKeyRequest, ListKeysRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type RunningKms, refusal, runKms, standingTime } from '../running-kms';

const { now, move, clientTime } = standingTime();
let kms: RunningKms;
const ids: string[] = [];
beforeAll(async () => {
  kms = await runKms({ now, clientTime });
  for (const protectionLevel of ['SOFTWARE', 'HSM', 'SOFTWARE']) {
    ids.push((await kms.client.createKey(new CreateKeyRequest({ protectionLevel }))).keyMetadata.keyId);
    move(1000);
  }
  await kms.client.disableKey(new DisableKeyRequest({ keyId: ids[2] }));
});
afterAll(() => kms.close());

const list = (page: object) => kms.client.listKeys(new ListKeysRequest(page));

test('keys come with their ARN [documented]', async () => {
  const { keys, totalCount, pageNumber, pageSize } = await list({});
  expect(keys.key.map(({ keyId }) => keyId)).toEqual(ids);
  expect(keys.key[0]?.keyArn).toBe(`acs:kms:cn-hangzhou:${accountId}:key/${ids[0]}`);
  expect([totalCount, pageNumber, pageSize].map(Number)).toEqual([3, 1, 10]);
});

test.each([
  [1, 2, [0, 1]],
  [2, 2, [2]],
  [9, 2, []],
])('page=%i,size=%i [documented]', async (pageNumber, pageSize, expected) => {
  const { keys } = await list({ pageNumber, pageSize });
  expect(keys.key.map(({ keyId }) => ids.indexOf(keyId))).toEqual(expected);
});

test.each([{ pageSize: 0 }, { pageSize: 101 }, { pageNumber: 0 }, { pageNumber: -1 }])(
  '%j is not valid [documented]',
  async (page) => {
    expect((await refusal(list(page))).code).toBe('InvalidParameter');
  },
);

test.each([
  ['[]', 3],
  ['[{"Key":"KeyState","Values":["Enabled"]}]', 2],
  ['[{"Key":"KeyState","Values":["Enabled"]},{"Key":"KeyState","Values":["Disabled"]}]', 3],
  ['[{"Key":"KeyState","Values":["Enabled"]},{"Key":"ProtectionLevel","Values":["HSM"]}]', 1],
  ['[{"Key":"KeySpec","Values":["RSA_2048"]}]', 0],
])('Filters=%s leaves %i [documented]', async (Filters, expected) => {
  expect((await kms.call({ Action: 'ListKeys', Filters })).body.TotalCount).toBe(expected);
});

test.each(['{}', 'x', '[{"Key":"Colour","Values":[]}]', '[{"Key":"KeyState","Values":"Enabled"}]'])(
  'Filters=%s is not valid [assumed]',
  async (Filters) => {
    expect((await kms.call({ Action: 'ListKeys', Filters })).body.Code).toBe('InvalidParameter');
  },
);
