import { CreateAliasRequest, CreateKeyRequest, DescribeKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let keyId: string;
beforeAll(async () => {
  kms = await runKms();
  keyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const createAlias = (aliasName: string, id = keyId) =>
  kms.client.createAlias(new CreateAliasRequest({ keyId: id, aliasName }));

test('one of many that take a name at once gets it [documented]', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => createAlias('alias/raced')));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await refusal(createAlias('alias/raced'))).toMatchObject({
    code: 'AliasAlreadyExists',
    status: 400,
  });
});

test('an alias survives a restart [assumed]', async () => {
  await createAlias('alias/kept');
  const again = await runKms({ data: kms.data });
  const described = await again.client.describeKey(new DescribeKeyRequest({ keyId: 'alias/kept' }));
  await again.close();
  expect(described.keyMetadata.keyId).toBe(keyId);
});

test.each(['inbox', 'alias/', 'alias/acs/oss', 'alias/a b', `alias/${'x'.repeat(250)}`])(
  'AliasName=%s is not valid [documented]',
  async (name) => {
    expect((await refusal(createAlias(name))).message).toBe(
      'The specified parameter "AliasName" is not valid.',
    );
  },
);

test('an alias names a key, not an alias and not nothing [documented]', async () => {
  expect((await refusal(createAlias('alias/two', 'alias/kept'))).code).toBe('Unsupported.Alias');
  const nobody = '00000000-0000-4000-8000-000000000000';
  expect((await refusal(createAlias('alias/two', nobody))).code).toBe('Forbidden.KeyNotFound');
});
