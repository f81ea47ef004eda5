import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateAliasRequest, CreateKeyRequest, DescribeKeyRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFolder } from '../../new-folder';
import { accountId, type RunningKms, refusal, runKms } from '../running-kms';

let kms: RunningKms;
let id: string;
beforeAll(async () => {
  kms = await runKms();
  id = (await kms.client.createKey(new CreateKeyRequest({}))).keyMetadata.keyId;
  await kms.client.createAlias(new CreateAliasRequest({ keyId: id, aliasName: 'alias/inbox' }));
});
afterAll(() => kms.close());

const describeKey = (keyId: string) => kms.client.describeKey(new DescribeKeyRequest({ keyId }));
const arn = `acs:kms:cn-hangzhou:${accountId}:`;

test('a key is found by id, alias and ARN [documented]', async () => {
  for (const keyId of [id, 'alias/inbox', `${arn}key/${id}`, `${arn}alias/inbox`]) {
    expect((await describeKey(keyId)).keyMetadata.keyId).toBe(id);
  }
});

test.each([
  ['00000000-0000-4000-8000-000000000000', 'Forbidden.KeyNotFound'],
  ['../ram/root', 'Forbidden.KeyNotFound'],
  ['alias/other', 'Forbidden.AliasNotFound'],
  ['acs:kms:cn-beijing:1234567890123456:alias/inbox', 'Forbidden.KeyNotFound'],
])('KeyId=%s answers %s [documented]', async (keyId, code) => {
  expect(await refusal(describeKey(keyId))).toMatchObject({ code, status: 404 });
});

test('a missing and an unknown parameter are named [documented]', async () => {
  const { body } = await kms.call({ Action: 'DescribeKey' });
  expect(body).toMatchObject({
    Code: 'MissingParameter',
    Message: 'The parameter "KeyId" is needed but not provided.',
  });
  const unknown = await kms.call({ Action: 'DescribeKey', KeyId: id, keyid: id });
  expect(unknown.body.Message).toMatch(/^The specified parameter "keyid" is not valid\./);
});

test('a key of the first data folders is read as it was [assumed]', async () => {
  const data = await newFolder();
  const folder = join(data, 'kms', 'keys');
  const creationDate = '2026-11-20T23:57:01Z';
  const version = {
    id: '7ce1d081-06cb-42e6-aab6-5c5de0300000',
    material: Buffer.alloc(32).toString('base64'),
  };
  const facts = { description: '', state: 'Enabled', protectionLevel: 'SOFTWARE', creationDate };
  const key = {
    id: 'd6bee1cb-2e14-4277-ba6b-73786b210000',
    ...facts,
    versions: [{ ...version, creationDate }],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${key.id}.json`), JSON.stringify(key));
  const old = await runKms({ data });
  const { keyMetadata } = await old.client.describeKey(new DescribeKeyRequest({ keyId: key.id }));
  await old.close();
  expect(keyMetadata).toMatchObject({ origin: 'Aliyun_KMS', primaryKeyVersion: version.id, creationDate });
});
