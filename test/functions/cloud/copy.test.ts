import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { copyVersion } from '../../../functions/cloud/copy';
import { type OssClient, ossClient } from '../../../functions/cloud/oss-client';
import { versionsOf } from '../../../functions/cloud/versions';
import { type Cloud, startCloud } from '../../../infra/local/cloud';

const BUCKET = 'the-vault';
/** Bytes that one call copies here; OSS wants at least 100 KiB in a part. */
const MOST = 102_400;

let cloud: Cloud;
let data: string;
let client: OssClient;
let aborter: OssClient;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'oss-envelope-copy-'));
  cloud = await startCloud({ data, runtime: '' });
  const owner = { region: cloud.region, credentials: cloud.root };
  const open = () => ossClient(owner, { endpoint: cloud.oss.endpoint, bucket: BUCKET, addressing: 'path' });
  [client, aborter] = [open(), open()];
  await client.putBucket(BUCKET);
  await client.putBucketVersioning(BUCKET, 'Enabled');
});
afterEach(() => cloud.faults.clear());
afterAll(async () => {
  await cloud.close();
  await rm(data, { recursive: true });
});

/** A version with another one on top of it. */
async function hidden(key: string, content: Buffer, headers: Record<string, string> = {}) {
  await client.put(key, content, { headers });
  await client.put(key, Buffer.from('on top'), {});
  const [, version] = (await versionsOf(client, key)).versions;
  return { ...(version ?? expect.fail('no version')), bucket: BUCKET, most: MOST };
}

async function bytesOf(key: string): Promise<Buffer> {
  return Buffer.concat(await (await client.getStream(key, {})).stream.toArray());
}

describe('a version is copied on top, byte for byte, in its class, and nothing is removed', () => {
  test.each([
    [0, 0],
    [1, 0],
    [MOST, 0],
    [MOST + 1, 2],
    [2 * MOST, 2],
    [3 * MOST + 7, 4],
  ])('%i bytes, in %i parts', async (size, parts) => {
    const key = `sizes/${size}`;
    const content = randomBytes(size);
    const since = cloud.journal.entries().at(-1)?.n;
    await copyVersion(client, aborter, await hidden(key, content, { 'x-oss-storage-class': 'IA' }));
    const made = cloud.journal.entries(since).map(({ operation }) => operation);
    expect(made.filter((operation) => operation === 'UploadPartCopy')).toHaveLength(parts);
    expect((await bytesOf(key)).equals(content)).toBe(true);
    const { versions } = await versionsOf(client, key);
    expect(versions.map(({ storageClass }) => storageClass)).toEqual(['IA', 'Standard', 'IA']);
  });

  test('under a key that has to be encoded', async () => {
    const key = "报告/q'! a+b %41?#&=\\\u0001.bin";
    const content = randomBytes(2 * MOST);
    await copyVersion(client, aborter, await hidden(key, content));
    expect((await bytesOf(key)).equals(content)).toBe(true);
    await copyVersion(client, aborter, await hidden(key, Buffer.from('small')));
    expect((await bytesOf(key)).toString()).toBe('small');
  });
});

describe('a copy that fails', () => {
  test.each(['UploadPartCopy', 'CompleteMultipartUpload'])(
    'at %s leaves no upload behind',
    async (operation) => {
      const source = await hidden(`fails/${operation}`, randomBytes(2 * MOST));
      cloud.faults.add({ match: { operation }, do: { error: { code: 'InternalError', status: 500 } } });
      await expect(copyVersion(client, aborter, source)).rejects.toMatchObject({ code: 'oss-unavailable' });
      expect((await client.listUploads({})).uploads).toEqual([]);
      expect((await bytesOf(source.key)).toString()).toBe('on top');
    },
  );

  test('of a version that is not there any more says so', async () => {
    const source = await hidden('gone', Buffer.from('x'));
    await client.delete('gone', { versionId: source.versionId });
    await expect(copyVersion(client, aborter, source)).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot put the newest envelope on top: /),
    });
  });
});
