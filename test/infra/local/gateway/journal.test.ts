import { beforeAll, describe, expect, test } from 'vitest';
import { createJournal } from '../../../../infra/local/gateway/journal';
import { failure } from '../oss/client';
import { createKey, runCloud } from '../running-cloud';

let cloud: Awaited<ReturnType<typeof runCloud>>;
beforeAll(async () => {
  cloud = await runCloud();
});

describe('a line for every request', () => {
  test('of OSS, with bucket, key and version [assumed]', async () => {
    await cloud.client.putBucketVersioning('inbox', 'Enabled');
    cloud.journal.clear();
    const { res } = await cloud.client.put('a b', Buffer.from('1'));
    const versionId = res.headers['x-oss-version-id'] ?? '';
    await cloud.client.get('a b', { versionId });
    const common = { service: 'oss', bucket: 'inbox', key: 'a b', versionId, principal: cloud.root.arn };
    expect(cloud.journal.entries()).toEqual([
      expect.objectContaining({ ...common, operation: 'PutObject', status: 200, ms: expect.any(Number) }),
      expect.objectContaining({ ...common, operation: 'GetObject', status: 200 }),
    ]);
  });

  test('with the number of a part [assumed]', async () => {
    const { uploadId } = await cloud.client.initMultipartUpload('parts');
    await cloud.client.uploadPart('parts', uploadId, 7, Buffer.from('1'), 0, 1);
    expect(cloud.journal.entries().at(-1)).toMatchObject({ operation: 'UploadPart', partNumber: 7 });
  });

  test('of KMS [assumed]', async () => {
    await createKey(cloud);
    expect(cloud.journal.entries().at(-1)).toMatchObject({
      ...{ service: 'kms', operation: 'CreateKey', principal: cloud.root.arn, status: 200 },
    });
  });

  test('that was refused, with the error and whoever it was [assumed]', async () => {
    await failure(cloud.client.get('nothing here'));
    expect(cloud.journal.entries().at(-1)).toMatchObject({
      ...{ operation: 'GetObject', key: 'nothing here', status: 404, code: 'NoSuchKey' },
      principal: cloud.root.arn,
    });
  });

  test('that was not signed: by nobody in particular [assumed]', async () => {
    await fetch(`${cloud.oss.endpoint}/inbox/a%20b`);
    await fetch(`${cloud.kms.endpoint}/?Action=ListKeys`);
    const [oss, kms] = cloud.journal.entries().slice(-2);
    expect(oss).toMatchObject({
      operation: 'GetObject',
      status: 403,
      code: 'AccessDenied',
      principal: 'anonymous',
    });
    expect(kms).toMatchObject({ operation: 'ListKeys', status: 400, principal: '' });
  });

  test('that is no call of any API [assumed]', async () => {
    await fetch(`${cloud.oss.endpoint}/%ff`);
    await fetch(cloud.kms.endpoint);
    const [oss, kms] = cloud.journal.entries().slice(-2);
    expect(oss).toMatchObject({ service: 'oss', operation: 'Unknown', status: 400 });
    expect(kms).toMatchObject({ service: 'kms', operation: 'Unknown', status: 400 });
  });
});

test('it holds no secret, no signature and no body [assumed]', async () => {
  const url = await cloud.client.signatureUrlV4('GET', 300, {}, 'a b');
  await fetch(url);
  await cloud.client.put('c', Buffer.from('what nobody may read'));
  const text = JSON.stringify(cloud.journal.entries());
  expect(text).not.toContain(cloud.root.accessKeySecret);
  expect(text).not.toContain(new URL(url).searchParams.get('x-oss-signature'));
  expect(text).not.toMatch(/authorization|signature|what nobody/i);
});

test('entries are numbered on and on, and can be asked for since one [assumed]', async () => {
  const last = cloud.journal.entries().at(-1)?.n ?? 0;
  cloud.journal.clear();
  await cloud.client.put('d', Buffer.from('1'));
  await cloud.client.head('d');
  expect(cloud.journal.entries().map(({ n }) => n)).toEqual([last + 1, last + 2]);
  expect(cloud.journal.entries(last + 1).map(({ operation }) => operation)).toEqual(['HeadObject']);
});

test('the oldest are forgotten, and their numbers tell so [assumed]', () => {
  const journal = createJournal({ now: () => 0, limit: 2 });
  const call = { service: 'oss', operation: 'X', query: {}, headers: {}, principal: '' } as const;
  for (const status of [200, 201, 202]) journal.hooks.done?.(call, { status, ms: 0 });
  expect(journal.entries().map(({ n, status }) => [n, status])).toEqual([
    [2, 201],
    [3, 202],
  ]);
});
