import { randomUUID } from 'node:crypto';
import { GenerateDataKeyRequest } from '@alicloud/kms20160120';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../kms/running-kms';
import { call, clientOf, keyId, send } from './scratch';

const describeKey = { Action: 'DescribeKey', KeyId: keyId };
const minute = 60_000;

describe('a key', () => {
  test('is described [documented]', async () => {
    const { KeyMetadata } = (await call('DescribeKey', { KeyId: keyId })) as unknown as {
      KeyMetadata: object;
    };
    expect(KeyMetadata).toMatchObject({
      ...{ KeyId: keyId, KeyState: 'Enabled', KeyUsage: 'ENCRYPT/DECRYPT' },
      Arn: expect.stringMatching(new RegExp(`^acs:kms:[^:]+:[^:]+:key/${keyId}$`)),
      CreationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });

  test('may be named by its ARN [documented]', async () => {
    const { KeyMetadata } = (await call('DescribeKey', { KeyId: keyId })) as unknown as {
      KeyMetadata: { Arn: string };
    };
    expect((await call('GenerateDataKey', { KeyId: KeyMetadata.Arn })).KeyId).toBe(keyId);
  });

  test('that is not there is 404 Forbidden.KeyNotFound [documented]', async () => {
    const { status, Code, Message } = await send({ ...describeKey, KeyId: randomUUID() });
    expect([status, Code, Message]).toEqual([
      404,
      'Forbidden.KeyNotFound',
      'The specified Key is not found.',
    ]);
  });

  test('lists its primary version [documented]', async () => {
    const { KeyMetadata } = (await call('DescribeKey', { KeyId: keyId })) as unknown as {
      KeyMetadata: { PrimaryKeyVersion: string };
    };
    const { KeyVersions } = (await call('ListKeyVersions', { KeyId: keyId, PageSize: '100' })) as unknown as {
      KeyVersions: { KeyVersion: { KeyVersionId: string }[] };
    };
    const ids = KeyVersions.KeyVersion.map(({ KeyVersionId }) => KeyVersionId);
    expect(ids).toContain(KeyMetadata.PrimaryKeyVersion);
  });
});

describe('a request is refused', () => {
  test('without a parameter that it needs [documented]', async () => {
    const { status, Code, Message } = await send({ Action: 'DescribeKey' });
    expect([status, Code]).toEqual([400, 'MissingParameter']);
    expect(Message).toBe('The parameter "KeyId" is needed but not provided.');
  });

  test('with all that an error tells [documented]', async () => {
    const error = await send({ ...describeKey, KeyId: randomUUID() });
    expect(error).toMatchObject({
      HttpStatus: 404,
      RequestId: expect.any(String),
      HostId: expect.any(String),
    });
  });

  test('of an unknown access key [documented]', async () => {
    const stranger = clientOf({ accessKeyId: 'LTAI0000strangerstranger' });
    expect(await refusal(stranger.generateDataKey(new GenerateDataKeyRequest({ keyId })))).toMatchObject({
      ...{ status: 404, code: 'InvalidAccessKeyId.NotFound' },
    });
  });

  test('of another secret [documented]', async () => {
    const thief = clientOf({ accessKeySecret: 'guessed' });
    expect(await refusal(thief.generateDataKey(new GenerateDataKeyRequest({ keyId })))).toMatchObject({
      ...{ status: 400, code: 'IncompleteSignature' },
    });
  });

  test.each([-20, 20])('%i minutes off [documented]', async (minutes) => {
    const { status, Code } = await send(describeKey, Date.now() + minutes * minute);
    expect([status, Code]).toEqual([400, 'IllegalTimestamp']);
  });

  test('sent again with the same nonce [assumed]', async () => {
    const again = { ...describeKey, SignatureNonce: randomUUID() };
    expect((await send(again)).status).toBe(200);
    expect((await send(again)).status).toBe(400);
  });

  test('of no action that there is [assumed]', async () => {
    expect((await send({ Action: 'OpenSesame' })).status).toBeGreaterThanOrEqual(400);
  });
});
