import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSeed, seed } from '../../../infra/local/seed';
import { newFolder } from './new-folder';
import { createClient, failure } from './oss/client';
import { createKey, kmsCall, ossOf, runCloud } from './running-cloud';

const fixed = { accessKeyId: 'LTAIfixed', accessKeySecret: 'secret' };
const hello = Buffer.from('hello');

describe('a cloud with a seed', () => {
  test('has its account and region [assumed]', async () => {
    const cloud = await runCloud({ seed: { accountId: '1111222233334444', region: 'eu-central-1' } });
    expect((await createKey(cloud)).arn).toMatch(/^acs:kms:eu-central-1:1111222233334444:key\//);
  });

  test('knows its access keys at OSS and KMS [assumed]', async () => {
    const cloud = await runCloud({ seed: { accessKeys: [fixed] } });
    const credentials = { ...fixed, arn: '' };
    expect((await ossOf(cloud, credentials).put('a', hello)).res.status).toBe(200);
    expect((await createKey(cloud, credentials)).creator).toBe(cloud.accountId);
    expect(cloud.journal.entries().map(({ principal }) => principal)).toEqual([
      cloud.root.arn,
      cloud.root.arn,
    ]);
  });

  test('knows a key of a role by its token, which never ends unless it says so [assumed]', async () => {
    const token = { ...fixed, securityToken: 'token', role: 'reader' };
    const cloud = await runCloud({ seed: { accessKeys: [token] } });
    await createKey(cloud, { ...token, arn: '' });
    expect(cloud.journal.entries().at(-1)?.principal).toBe(
      `acs:sts::${cloud.accountId}:assumed-role/reader/seed`,
    );
    expect(
      await failure(ossOf(cloud, { ...token, securityToken: 'other', arn: '' }).put('a', hello)),
    ).toMatchObject({ code: 'InvalidSecurityToken' });
  });

  test('has its buckets, which stay as they were made later [assumed]', async () => {
    const data = await newFolder();
    const buckets = [
      { name: 'versioned', versioning: 'Enabled' as const },
      { name: 'open', acl: 'public-read' as const },
    ];
    const first = await runCloud({ data, seed: { buckets } });
    const { res } = await ossOf(first, first.root, 'versioned').put('a', hello);
    expect(res.headers['x-oss-version-id']).toMatch(/^CAEQ/);
    await ossOf(first, first.root, 'open').put('a', hello);
    expect(await (await fetch(`${first.oss.endpoint}/open/a`)).text()).toBe('hello');
    await first.client.putBucketVersioning('versioned', 'Suspended');
    await first.close();
    const again = await runCloud({ data, seed: { buckets } });
    expect((await again.client.getBucketVersioning('versioned')).versionStatus).toBe('Suspended');
  });

  test('takes signatures of version 1 where it says so, by name or pattern [assumed]', async () => {
    const buckets = [{ name: 'old', allowV1: true }, { name: 'test-*', allowV1: true }, { name: 'new' }];
    const cloud = await runCloud({ seed: { buckets } });
    await cloud.client.putBucket('test-1');
    const statusOf = (bucket: string) => {
      const options = {
        endpoint: cloud.oss.endpoint,
        bucket,
        credentials: cloud.root,
        authorizationV4: false,
      };
      return createClient(options)
        .put('a', hello)
        .then(({ res }) => res.status)
        .catch(({ status }) => status);
    };
    expect(await Promise.all(['old', 'test-1', 'new'].map(statusOf))).toEqual([200, 200, 403]);
    expect((await cloud.client.listBuckets()).buckets?.map(({ name }) => name)).not.toContain('test-*');
  });

  test('has its keys, so that ciphertext survives across machines [assumed]', async () => {
    const versionId = '0d2b8ad1-1111-4222-8333-444455556666';
    const keys = [
      { keyId: 'fixed-key', versions: [{ versionId, material: Buffer.alloc(32, 7).toString('base64') }] },
    ];
    const kms = { keys, aliases: [{ aliasName: 'alias/fixed', keyId: 'fixed-key' }] };
    const one = await runCloud({ seed: { kms } });
    const { CiphertextBlob } = await kmsCall(one, { Action: 'GenerateDataKey', KeyId: 'alias/fixed' });
    const other = await runCloud({ seed: { kms } });
    const opened = await kmsCall(other, { Action: 'Decrypt', CiphertextBlob: String(CiphertextBlob) });
    expect(opened).toMatchObject({ KeyId: 'fixed-key', KeyVersionId: versionId });
  });
});

describe('a seed that is not understood is refused in a sentence that names it', () => {
  test.each<[unknown, string]>([
    [null, 'it is not an object'],
    [{ colour: 1 }, 'colour is not a field that is known here: accountId, region'],
    [{ accountId: '1' }, 'accountId is not 16 digits'],
    [{ region: 'Hangzhou' }, 'region is not a region'],
    [{ buckets: {} }, 'buckets is not a list'],
    [{ buckets: [{}] }, 'buckets[0].name is missing'],
    [{ buckets: [{ name: '../x' }] }, 'buckets[0].name is not a bucket name'],
    [{ buckets: [{ name: 'abc', acl: 'open' }] }, 'buckets[0].acl is not one of private, public-read'],
    [{ buckets: [{ name: 'abc' }, { name: 'abc' }] }, 'abc is given twice'],
    [{ accessKeys: [{ accessKeyId: 'a' }] }, 'accessKeys[0].accessKeySecret is missing'],
    [{ accessKeys: [{ ...fixed, rule: 'x' }] }, 'accessKeys[0].rule is not a field'],
    [{ accessKeys: [{ ...fixed, expiration: 1 }] }, 'accessKeys[0].expiration is not a time'],
    [{ kms: { keys: [{ keyId: 'k' }] } }, 'kms.keys[0].versions is missing'],
    [{ kms: { secrets: [] } }, 'kms.secrets is not a field that is known here: keys, aliases'],
  ])('%j [assumed]', (value, sentence) => {
    expect(() => seed(value, '')).toThrow(sentence);
  });

  test('the file is named too [assumed]', async () => {
    const file = join(await newFolder(), 'seed.json');
    await expect(readSeed(file)).rejects.toThrow(`Cannot use seed ${file}: ENOENT`);
    await writeFile(file, '{');
    await expect(readSeed(file)).rejects.toThrow(`Cannot use seed ${file}: `);
    await writeFile(file, '{"colour": 1}');
    await expect(readSeed(file)).rejects.toThrow(`Cannot use seed ${file}: colour is not a field`);
  });
});
