import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient, failure } from './client';
import { root, startCloud } from './cloud';
import { answerTo, beginRequest, elementOf, send, signedHeaders } from './raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const day = 24 * 60 * 60_000;
const body = Buffer.from('hello');
const immutable = { status: 409, code: 'FileImmutable', ecCode: '0026-00000005' };

async function retain(bucket: string, lock: boolean): Promise<void> {
  const days = '<RetentionPeriodInDays>10</RetentionPeriodInDays>';
  const document = Buffer.from(`<InitiateWormConfiguration>${days}</InitiateWormConfiguration>`);
  const { headers } = await send(cloud, {
    method: 'POST',
    key: '',
    bucket,
    query: { worm: '' },
    body: document,
  });
  const wormId = String(headers['x-oss-worm-id']);
  if (lock) await send(cloud, { method: 'POST', key: '', bucket, query: { wormId } });
}

beforeAll(async () => {
  await client.append('log', body);
  await client.put('a', body);
  await retain('inbox', true);
});
afterEach(() => {
  cloud.clock.ahead = 0;
});

describe('an object under a locked retention policy', () => {
  test.each([
    ['overwritten', () => client.put('a', Buffer.from('other'))],
    ['overwritten by a copy', () => client.copy('a', 'log')],
    ['overwritten by a symlink', () => client.putSymlink('a', 'log', {})],
    ['appended to', () => client.append('log', body, { position: 5 })],
    ['deleted', () => client.delete('a')],
  ])('cannot be %s [documented]', async (_name, change) => {
    expect(await failure(change())).toMatchObject(immutable);
    expect((await client.get('a')).content.equals(body)).toBe(true);
    expect((await client.get('log')).content.equals(body)).toBe(true);
  });

  test('cannot be overwritten by a multipart upload, which stays [assumed]', async () => {
    const { uploadId } = await client.initMultipartUpload('a');
    const { etag } = await client.uploadPart('a', uploadId, 1, body, 0, 5);
    const parts = [{ number: 1, etag }];
    expect(await failure(client.completeMultipartUpload('a', uploadId, parts))).toMatchObject(immutable);
    expect((await client.listParts('a', uploadId)).parts).toMatchObject({ PartNumber: '1' });
  });

  test('cannot be deleted among others [assumed]', async () => {
    expect(await failure(client.deleteMulti(['a']))).toMatchObject({ status: 409, code: 'FileImmutable' });
  });

  test('can be read, and others be put beside it [documented]', async () => {
    await client.put('new', body);
    expect((await client.get('new')).res.status).toBe(200);
  });

  test('can be changed and deleted when its days have passed [documented]', async () => {
    cloud.clock.ahead = 10 * day + 1000;
    const late = Date.now() + cloud.clock.ahead;
    const signed = { method: 'DELETE', key: 'log' };
    const answer = await answerTo(beginRequest(cloud, signed, signedHeaders(client, signed, late)));
    expect(answer.status).toBe(204);
  });
});

describe('in a versioned bucket', () => {
  const versioned = createClient({ endpoint: cloud.oss.endpoint, bucket: 'versioned', credentials: root });

  test('a version is retained, and may be hidden and followed by others [assumed]', async () => {
    await client.putBucket('versioned');
    await client.putBucketVersioning('versioned', 'Enabled');
    const { res } = await versioned.put('a', body);
    await retain('versioned', true);
    const versionId = String(res.headers['x-oss-version-id']);
    expect(await failure(versioned.delete('a', { versionId }))).toMatchObject(immutable);
    await versioned.put('a', Buffer.from('next'));
    const { res: hidden } = await versioned.delete('a');
    await versioned.delete('a', { versionId: String(hidden.headers['x-oss-version-id']) });
    expect((await versioned.get('a', { versionId })).content.equals(body)).toBe(true);
  });
});

test('a policy protects before it is locked, until it is aborted [documented]', async () => {
  const bucket = 'unlocked';
  await client.putBucket(bucket);
  const unlocked = createClient({ endpoint: cloud.oss.endpoint, bucket, credentials: root });
  await unlocked.put('a', body);
  await retain(bucket, false);
  expect(await failure(unlocked.delete('a'))).toMatchObject(immutable);
  await send(cloud, { method: 'DELETE', key: '', bucket, query: { worm: '' } });
  expect((await unlocked.delete('a')).res.status).toBe(204);
});

test('a lifecycle rule expires nothing that is retained [assumed]', async () => {
  const { body: before } = await send(cloud, { method: 'GET', key: '', query: { 'list-type': '2' } });
  await client.putBucketLifecycle('inbox', [{ id: 'r', prefix: 'a', status: 'Enabled', days: 1 }]);
  cloud.clock.ahead = 5 * day;
  await cloud.oss.tick();
  cloud.clock.ahead = 0;
  const { body: after } = await send(cloud, { method: 'GET', key: '', query: { 'list-type': '2' } });
  expect(elementOf(after, 'KeyCount')).toBe(elementOf(before, 'KeyCount'));
});
