import {
  CreateKeyRequest,
  CreateSecretRequest,
  GetSecretValueRequest,
  ListSecretsRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateSecretRequest,
} from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runKms } from '../running-kms';
import { type RunningSecrets, runSecrets } from '../running-secrets';

let secrets: RunningSecrets;
beforeAll(async () => {
  secrets = await runSecrets();
});
afterAll(() => secrets.kms.close());

describe('DescribeSecret, ListSecrets, UpdateSecret and tags', () => {
  test('tell of a secret and not its value [documented]', async () => {
    const { secretName } = await secrets.newSecret({
      description: 'mine',
      tags: '[{"TagKey":"a","TagValue":"1"}]',
    });
    await secrets.kms.client.updateSecret(new UpdateSecretRequest({ secretName, description: 'ours' }));
    const tags = '[{"TagKey":"b","TagValue":"2"}]';
    await secrets.kms.client.tagResource(new TagResourceRequest({ secretName, tags }));
    await secrets.kms.client.untagResource(new UntagResourceRequest({ secretName, tagKeys: '["a"]' }));
    const described = await secrets.describeSecret({ secretName, fetchTags: 'true' });
    expect(described).toMatchObject({
      secretName,
      description: 'ours',
      tags: { tag: [{ tagKey: 'b', tagValue: '2' }] },
    });
    expect(JSON.stringify(described)).not.toContain('one');
    expect((await secrets.describeSecret({ secretName })).tags).toBeUndefined();
    const { secretList, totalCount } = await secrets.kms.client.listSecrets(
      new ListSecretsRequest({ pageSize: 100 }),
    );
    expect(secretList.secret.map((one) => one.secretName)).toContain(secretName);
    expect(Number(totalCount)).toBe(secretList.secret.length);
  });
});

test('a secret takes permissions on it, and on the key of the caller [documented]', async () => {
  const asked: string[] = [];
  const guarded = await runKms({
    data: secrets.kms.data,
    ...secrets.time,
    authorize: ({ action, resource }) =>
      asked.push(`${action} ${resource.split(':').at(-1)}`) ? 'allowed' : 'implicit',
  });
  const { keyId } = (await guarded.client.createKey(new CreateKeyRequest({}))).keyMetadata;
  const first = { secretName: 'guarded', versionId: 'v1', secretData: 'one', encryptionKeyId: keyId };
  await guarded.client.createSecret(new CreateSecretRequest(first));
  await guarded.client.getSecretValue(new GetSecretValueRequest({ secretName: 'guarded' }));
  await guarded.client.listSecrets(new ListSecretsRequest({}));
  await guarded.close();
  expect(asked.slice(1)).toEqual([
    'kms:CreateSecret secret',
    `kms:GenerateDataKey key/${keyId}`,
    'kms:GetSecretValue secret/guarded',
    `kms:Decrypt key/${keyId}`,
    'kms:ListSecrets secret',
  ]);
});
