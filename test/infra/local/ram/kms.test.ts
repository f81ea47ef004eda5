import type Client from '@alicloud/kms20160120';
import {
  CreateAliasRequest,
  CreateKeyRequest,
  DecryptRequest,
  DescribeKeyRequest,
  GenerateDataKeyRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authorize, createAuthorize } from '../../../../infra/local/ram/authorize';
import { readRoles } from '../../../../infra/local/ram/roles';
import { type RunningKms, runKms } from '../kms/running-kms';
import { accountId, document, region, template } from './specimen';

let kms: RunningKms;
let role: Client;
let keyId: string;
let otherKeyId: string;
let authorize: Authorize = () => 'allowed';

const key = (id: string) => `acs:kms:${region}:${accountId}:key/${id}`;

beforeAll(async () => {
  kms = await runKms({ authorize: (request) => authorize(request) });
  const made = await Promise.all([1, 2].map(() => kms.client.createKey(new CreateKeyRequest({}))));
  [keyId = '', otherKeyId = ''] = made.map(({ keyMetadata }) => keyMetadata.keyId);
  await kms.client.createAlias(new CreateAliasRequest({ keyId, aliasName: 'alias/one' }));
  role = kms.clientOf(kms.accessKeys.assumeRole(`acs:ram::${accountId}:role/reader`));
});
afterAll(() => kms.close());

function allow(Action: string[], Resource: string[], more: object = {}): void {
  const roles = readRoles(template(document({ Action, Resource, ...more })), { accountId, region });
  authorize = createAuthorize(roles, accountId);
}

const generate = (client: Client, id: string, context = '{}') =>
  client.generateDataKey(new GenerateDataKeyRequest({ keyId: id, encryptionContext: context }));
const decrypt = (ciphertextBlob: string, context = '{}') =>
  role.decrypt(new DecryptRequest({ ciphertextBlob, encryptionContext: context }));

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => undefined,
    (reason: { data?: object }) => reason.data,
  );
  return error;
}
const DENIED = {
  HttpStatus: 403,
  Code: 'Forbidden.NoPermission',
  Message: 'This operation is forbidden by permission system.',
};

describe('permissions [documented]', () => {
  test('an action on a key, and nothing else', async () => {
    allow(['kms:GenerateDataKey'], [key(keyId)]);
    expect((await generate(role, keyId)).keyId).toBe(keyId);
    expect(await codeOf(generate(role, otherKeyId))).toMatchObject(DENIED);
    expect(await codeOf(role.describeKey(new DescribeKeyRequest({ keyId })))).toMatchObject(DENIED);
  });

  test('by an alias it takes the permission on the key, none on the alias', async () => {
    allow(['kms:GenerateDataKey'], [key(keyId)]);
    expect((await generate(role, 'alias/one')).keyId).toBe(keyId);
    allow(['kms:GenerateDataKey'], [`acs:kms:${region}:${accountId}:alias/one`]);
    expect(await codeOf(generate(role, 'alias/one'))).toMatchObject(DENIED);
  });

  test('Decrypt is authorised on the key found in the blob', async () => {
    const [own, other] = await Promise.all([keyId, otherKeyId].map((id) => generate(kms.client, id)));
    allow(['kms:Decrypt'], [key(keyId)]);
    expect((await decrypt(own?.ciphertextBlob ?? '')).keyId).toBe(keyId);
    expect(await codeOf(decrypt(other?.ciphertextBlob ?? ''))).toMatchObject(DENIED);
  });

  test('ReEncrypt takes ReEncryptFrom on one key and ReEncryptTo on the other', async () => {
    const { ciphertextBlob } = await generate(kms.client, keyId);
    const credentials = kms.accessKeys.assumeRole(`acs:ram::${accountId}:role/reader`);
    const parameters = {
      Action: 'ReEncrypt',
      CiphertextBlob: ciphertextBlob,
      DestinationKeyId: otherKeyId,
    };
    const reEncrypt = () => kms.call(parameters, { credentials });
    allow(['kms:ReEncryptFrom'], [key(keyId)]);
    expect((await reEncrypt()).body).toMatchObject(DENIED);
    allow(['kms:ReEncryptTo'], [key(otherKeyId)]);
    expect((await reEncrypt()).body).toMatchObject(DENIED);
    allow(['kms:ReEncryptFrom', 'kms:ReEncryptTo'], [key(keyId), key(otherKeyId)]);
    expect((await reEncrypt()).status).toBe(200);
  });

  test('creating a key takes the permission on all keys', async () => {
    allow(['kms:CreateKey'], [key('*')]);
    expect(await codeOf(role.createKey(new CreateKeyRequest({})))).toMatchObject(DENIED);
    allow(['kms:CreateKey'], [`acs:kms:${region}:${accountId}:key`]);
    expect((await role.createKey(new CreateKeyRequest({}))).keyMetadata.keyId).toBeDefined();
  });

  test('a condition on the encryption context', async () => {
    const Condition = { StringEquals: { 'kms:EncryptionContext:app': ['oss-envelope'] } };
    allow(['kms:GenerateDataKey', 'kms:Decrypt'], [key(keyId)], { Condition });
    const context = JSON.stringify({ app: 'oss-envelope', key: 'a' });
    const { ciphertextBlob } = await generate(role, keyId, context);
    expect((await decrypt(ciphertextBlob, context)).keyId).toBe(keyId);
    expect(await codeOf(generate(role, keyId, '{"app":"other"}'))).toMatchObject(DENIED);
    expect(await codeOf(generate(role, keyId))).toMatchObject(DENIED);
  });
});

test('what names no key says so, whatever the permissions [assumed]', async () => {
  allow(['kms:Encrypt'], [key(keyId)]);
  expect(await codeOf(generate(role, 'alias/none'))).toMatchObject({ Code: 'Forbidden.AliasNotFound' });
  expect(await codeOf(decrypt('not a blob'))).toMatchObject({ Code: 'InvalidParameter' });
});

describe("a key's own policy [documented]", () => {
  const everybody = { Effect: 'Allow', Action: ['kms:*'], Principal: { RAM: [`acs:ram::${accountId}:*`] } };
  const reader = { Principal: { RAM: [`acs:ram::${accountId}:role/reader`] } };
  const setPolicy = async (...statements: object[]) => {
    const Statement = [everybody, ...statements].map((one) => ({ ...one, Resource: ['*'] }));
    const Policy = JSON.stringify({ Version: '1', Statement });
    const { status } = await kms.call({
      Action: 'SetKeyPolicy',
      KeyId: otherKeyId,
      Policy,
      PolicyName: 'default',
    });
    expect(status).toBe(200);
  };

  test('denies what RAM allows, to whom it names', async () => {
    allow(['kms:*'], [key(keyId), key(otherKeyId)]);
    await setPolicy({ ...reader, Effect: 'Deny', Action: ['kms:Generate*'] });
    expect(await codeOf(generate(role, otherKeyId))).toMatchObject(DENIED);
    expect((await generate(role, keyId)).keyId).toBe(keyId);
    expect((await generate(kms.client, otherKeyId)).keyId).toBe(otherKeyId);
  });

  test('allows what RAM says nothing of, to whom it names, and nothing else', async () => {
    allow(['kms:GenerateDataKey'], [key(keyId)]);
    await setPolicy({ ...reader, Effect: 'Allow', Action: ['kms:GenerateDataKey'] });
    expect((await generate(role, otherKeyId)).keyId).toBe(otherKeyId);
    expect(await codeOf(role.describeKey(new DescribeKeyRequest({ keyId: otherKeyId })))).toMatchObject(
      DENIED,
    );
    const other = kms.clientOf(kms.accessKeys.assumeRole(`acs:ram::${accountId}:role/other`));
    expect(await codeOf(generate(other, otherKeyId))).toMatchObject(DENIED);
  });

  test('does not allow what RAM denies', async () => {
    allow(['kms:*'], [key(otherKeyId)], { Effect: 'Deny' });
    await setPolicy({ ...reader, Effect: 'Allow', Action: ['kms:*'] });
    expect(await codeOf(generate(role, otherKeyId))).toMatchObject(DENIED);
  });
});

test("a key's own policy leaves the account's users and roles to RAM [assumed]", async () => {
  const Principal = { RAM: [`acs:ram::${accountId}:*`] };
  const Statement = [{ Effect: 'Allow', Action: ['kms:*'], Principal, Resource: ['*'] }];
  const Policy = JSON.stringify({ Version: '1', Statement });
  await kms.call({ Action: 'SetKeyPolicy', KeyId: otherKeyId, Policy, PolicyName: 'default' });
  allow(['kms:GenerateDataKey'], [key(keyId)]);
  expect(await codeOf(generate(role, otherKeyId))).toMatchObject(DENIED);
});
