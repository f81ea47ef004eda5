import { randomBytes } from 'node:crypto';
import { CreateKeyRequest, DisableKeyRequest, UpdateAliasRequest } from '@alicloud/kms20160120';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kmsClient } from '../../../functions/cloud/kms-client';
import { DOWNLOADS, INBOX, VAULT } from '../../../infra/run/deployment';
import { ask, type Bench, deployBench, opened, upload } from '../../deployment';
import { createClient } from '../local/oss/client';
import { signedHeaders } from '../local/oss/raw';

let bench: Bench;
const content = randomBytes(5000);

beforeAll(async () => {
  bench = await deployBench();
});
afterAll(() => bench.close());

/** What a bucket answers to GET with this sub-resource, asked by the account. */
async function settingOf(bucket: string, sub: string): Promise<string> {
  const { endpoint } = bench.cloud.oss;
  const client = createClient({ endpoint, bucket, credentials: bench.cloud.root, region: 'oss-cn-hangzhou' });
  const headers = signedHeaders(client, { method: 'GET', key: '', bucket, query: { [sub]: '' } });
  return (await fetch(`${endpoint}/${bucket}/?${sub}`, { headers })).text();
}

describe('the buckets of the local cloud are those of the template', () => {
  const logs = 'oss-envelope-access-logs';
  test.each<[bucket: string, sub: string, answer: RegExp]>([
    [INBOX, 'versioning', /<Status>Enabled</],
    [VAULT, 'versioning', /<Status>Enabled</],
    [DOWNLOADS, 'versioning', /<VersioningConfiguration[^>]*(\/>|>\s*<\/Versioning)/],
    ...[INBOX, VAULT, DOWNLOADS, logs].flatMap((bucket): [string, string, RegExp][] => [
      [bucket, 'encryption', /<SSEAlgorithm>AES256</],
      [bucket, 'publicAccessBlock', /<BlockPublicAccess>true</],
      [bucket, 'tagging', /<Key>app<\/Key>\s*<Value>oss-envelope</],
    ]),
    ...[INBOX, VAULT, DOWNLOADS].flatMap((bucket): [string, string, RegExp][] => [
      [bucket, 'logging', /<TargetBucket>oss-envelope-access-logs</],
      [bucket, 'policy', /"Deny".*"acs:SecureTransport":\["false"\]/],
      [bucket, 'lifecycle', /<AbortMultipartUpload>\s*<Days>[27]</],
    ]),
    [DOWNLOADS, 'lifecycle', /<Expiration>\s*<Days>1</],
    [logs, 'lifecycle', /<Expiration>\s*<Days>365</],
  ])('%s ?%s', async (bucket, sub, answer) => {
    expect(await settingOf(bucket, sub)).toMatch(answer);
  });
});

const attach = (parameters: Record<string, string>) =>
  bench.cloud.attach({ ...bench.stack.parameters, ...parameters });

test('with the condition on the encryption context everything works as without', async () => {
  await attach({ ConditionOnContext: 'yes' });
  await upload(bench, 'conditioned', content);
  expect((await opened(bench, 'conditioned')).equals(content)).toBe(true);
  await attach({});
});

test('the alias moves to another key: old envelopes open, new ones are sealed under the other', async () => {
  const client = kmsClient(bench.owner, bench.cloud.kms.endpoint);
  await upload(bench, 'before', content);
  const { keyMetadata } = await client.createKey(new CreateKeyRequest({}));
  const { KeyArn, KeyArns } = await attach({ OtherKeyId: keyMetadata.keyId });
  expect(KeyArns).toBe(`${KeyArn},${keyMetadata.arn}`);
  bench.fc = await bench.cloud.deploy('s.yaml', bench.env);
  bench.decryptUrl = `${bench.fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads`;
  await client.updateAlias(
    new UpdateAliasRequest({ aliasName: 'alias/oss-envelope', keyId: keyMetadata.keyId }),
  );
  await upload(bench, 'after', content);
  for (const key of ['before', 'after']) expect((await opened(bench, key)).equals(content)).toBe(true);

  await client.disableKey(new DisableKeyRequest({ keyId: keyMetadata.keyId }));
  expect((await ask(bench, { key: 'before' })).status).toBe(201);
  expect((await ask(bench, { key: 'after' })).status).not.toBe(201);
});
