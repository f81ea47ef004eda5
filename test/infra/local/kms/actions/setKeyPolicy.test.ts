import { CreateKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountId, type RunningKms, runKms } from '../running-kms';

let kms: RunningKms;
let KeyId: string;
beforeAll(async () => {
  kms = await runKms();
  KeyId = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
});
afterAll(() => kms.close());

const statement = {
  Sid: 'decrypt only',
  Effect: 'Allow',
  Principal: { RAM: [`acs:ram::${accountId}:role/fc-decrypt`] },
  Action: ['kms:Decrypt'],
  Resource: ['*'],
};
const set = (Policy: string, more: Record<string, string> = {}) =>
  kms.call({ Action: 'SetKeyPolicy', KeyId, Policy, ...more }, { form: true });
const get = (more: Record<string, string> = {}) => kms.call({ Action: 'GetKeyPolicy', KeyId, ...more });

test('a key begins with the default policy [documented]', async () => {
  expect(JSON.parse(`${(await get()).body.Policy}`)).toEqual({
    Statement: [
      {
        Action: ['kms:*'],
        Effect: 'Allow',
        Principal: { RAM: [`acs:ram::${accountId}:*`] },
        Resource: ['*'],
        Sid: 'kms default key policy',
      },
    ],
    Version: '1',
  });
});

test('a policy comes back as it was set [documented]', async () => {
  const policy = JSON.stringify({ Version: '1', Statement: [statement] }, null, 2);
  expect((await set(policy, { PolicyName: 'default' })).status).toBe(200);
  expect((await get({ PolicyName: 'default' })).body.Policy).toBe(policy);
});

test('a policy of another name is not found [documented]', async () => {
  expect((await get({ PolicyName: 'mine' })).body).toMatchObject({ Code: 'InvalidParameter' });
  expect((await get({ PolicyName: 'mine' })).body.Message).toContain('Not Found');
});

test.each([
  'not json',
  '[]',
  '{"Version":"1"}',
  '{"Version":"1","Statement":[]}',
  JSON.stringify({ Version: '2', Statement: [statement] }),
  JSON.stringify({ Version: '1', Statement: [{ ...statement, Effect: 'Maybe' }] }),
  JSON.stringify({ Version: '1', Statement: [{ ...statement, Principal: undefined }] }),
  JSON.stringify({ Version: '1', Statement: [{ ...statement, Action: 'oss:GetObject' }] }),
  JSON.stringify({ Version: '1', Statement: [{ ...statement, Resource: 'acs:kms:*' }] }),
  JSON.stringify({ Version: '1', Statement: [{ ...statement, Sid: 'x'.repeat(129) }] }),
  JSON.stringify({ Version: '1', Statement: [statement], Filler: 'x'.repeat(32_768) }),
])('Policy=%.60s is not valid [documented]', async (policy) => {
  expect((await set(policy)).body.Code).toBe('InvalidParameter');
});
