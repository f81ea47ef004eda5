import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { OssEvent } from '../../../../../infra/local/oss/store/event';
import { accountId, startCloud } from '../cloud';

const cloud = await startCloud();
afterAll(cloud.close);
beforeEach(() => cloud.events.splice(0));
const { client } = cloud;

function summary({ eventName, oss }: OssEvent) {
  return [eventName, oss.object.key, oss.object.size, oss.object.deltaSize];
}

describe('the notification of an upload', () => {
  test('is the documented record [documented]', async () => {
    const { res } = await client.put('图/a+b%41 c.jpg', Buffer.from('hello'), {
      mime: 'image/jpeg',
      meta: { a: 'b' },
    });
    expect(cloud.events).toEqual([
      {
        eventName: 'ObjectCreated:PutObject',
        eventSource: 'acs:oss',
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
        eventVersion: '1.0',
        oss: {
          bucket: {
            arn: `acs:oss:cn-hangzhou:${accountId}:inbox`,
            name: 'inbox',
            ownerIdentity: accountId,
          },
          object: {
            deltaSize: 5,
            eTag: '5D41402ABC4B2A76B9719D911017C592',
            key: '图/a+b%41 c.jpg',
            objectMeta: { mimeType: 'image/jpeg', userMeta: { 'x-oss-meta-a': 'b' } },
            size: 5,
          },
          ossSchemaVersion: '1.0',
        },
        region: 'cn-hangzhou',
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { requestId: res.headers['x-oss-request-id'] },
        userIdentity: { principalId: accountId },
      },
    ]);
  });

  test('tells by how much an overwritten object grew [documented]', async () => {
    await client.put('grown', Buffer.alloc(10));
    await client.put('grown', Buffer.alloc(4));
    expect(cloud.events.map(summary)).toEqual([
      ['ObjectCreated:PutObject', 'grown', 10, 10],
      ['ObjectCreated:PutObject', 'grown', 4, -6],
    ]);
  });

  test('in parts comes five times for three parts [documented]', async () => {
    await client.multipartUpload('parts', Buffer.alloc(300_000), { partSize: 102_400 });
    expect(cloud.events.map(({ eventName }) => eventName)).toEqual([
      'ObjectCreated:InitiateMultipartUpload',
      'ObjectCreated:UploadPart',
      'ObjectCreated:UploadPart',
      'ObjectCreated:UploadPart',
      'ObjectCreated:CompleteMultipartUpload',
    ]);
    const last = cloud.events.at(-1)?.oss.object;
    expect(last).toMatchObject({ size: 300_000, eTag: expect.stringMatching(/^[0-9A-F]{32}-3$/) });
  });
});

test('every way of making an object has a name of its own [documented]', async () => {
  await client.put('from', Buffer.from('hello'));
  await client.copy('copy', 'from');
  await client.append('log', Buffer.from('123'), { position: 0 });
  await client.append('log', Buffer.from('45'), { position: 3 });
  await client.putSymlink('link', 'from', {});
  const { uploadId } = await client.initMultipartUpload('parts');
  const source = { sourceKey: 'from', sourceBucketName: 'inbox' };
  await client.uploadPartCopy('parts', uploadId, 1, '0-4', source);
  await client.deleteMulti(['copy', 'link', 'missing']);
  expect(cloud.events.map(summary)).toEqual([
    ['ObjectCreated:PutObject', 'from', 5, 5],
    ['ObjectCreated:CopyObject', 'copy', 5, 5],
    ['ObjectCreated:AppendObject', 'log', 3, 3],
    ['ObjectCreated:AppendObject', 'log', 5, 2],
    ['ObjectCreated:PutSymlink', 'link', 0, 0],
    ['ObjectCreated:InitiateMultipartUpload', 'parts', 0, 0],
    ['ObjectCreated:UploadPartCopy', 'parts', 5, 5],
    ['ObjectRemoved:DeleteObjects', 'copy', 5, -5],
    ['ObjectRemoved:DeleteObjects', 'link', 0, 0],
  ]);
});

test('deleting and aborting are told [assumed]', async () => {
  await client.put('a', Buffer.from('hello'));
  await client.delete('a');
  const { uploadId } = await client.initMultipartUpload('b');
  await client.abortMultipartUpload('b', uploadId);
  expect(cloud.events.map(summary)).toEqual([
    ['ObjectCreated:PutObject', 'a', 5, 5],
    ['ObjectRemoved:DeleteObject', 'a', 5, -5],
    ['ObjectCreated:InitiateMultipartUpload', 'b', 0, 0],
    ['ObjectRemoved:AbortMultipartUpload', 'b', 0, 0],
  ]);
});

test('reading, listing, tagging and what fails are not told [documented]', async () => {
  await client.put('read', Buffer.from('hello'));
  await client.get('read');
  await client.list();
  await client.putObjectTagging('read', { a: '1' });
  await client
    .put('read', Buffer.from('x'), { headers: { 'x-oss-forbid-overwrite': 'true' } })
    .catch(() => {});
  expect(cloud.events.length).toBe(1);
});
