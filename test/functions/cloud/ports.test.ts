import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Retry } from '../../../functions/cloud/calls';
import { copyVersion } from '../../../functions/cloud/copy';
import { objectWriter, readRange } from '../../../functions/cloud/objects';
import { type OssClient, ossClient } from '../../../functions/cloud/oss-client';
import { type Bucket, bucketOf } from '../../../functions/cloud/oss-fault';
import { collect } from '../../../functions/cloud/pieces';
import { versionsOf } from '../../../functions/cloud/versions';
import { Fault } from '../../../functions/fault';
import { type Cloud, startCloud } from '../../../infra/local/cloud';

const BUCKET = 'the-vault';
/** Bytes that one call copies here; OSS wants at least 100 KiB in a part. */
const MOST = 102_400;

/** As createRetry, without the waits. */
const atOnce: Retry = async (action) => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Fault) || error.remedy !== 'retry' || attempt === 4) throw error;
    }
  }
};

let cloud: Cloud;
let data: string;
const BROKEN = { error: { code: 'InternalError', status: 500 } };
let client: OssClient;
/** Whose calls are made again at once. */
let bucket: Bucket;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'oss-envelope-copy-'));
  cloud = await startCloud({ data, runtime: '' });
  const owner = { region: cloud.region, credentials: cloud.root };
  const open = () => ossClient(owner, { endpoint: cloud.oss.endpoint, bucket: BUCKET, addressing: 'path' });
  client = open();
  bucket = bucketOf(BUCKET, { client: async () => open(), retry: atOnce });
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
  const [, version] = (await versionsOf(bucket, key)).versions;
  return version ?? expect.fail('no version');
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
    await copyVersion(bucket, await hidden(key, content, { 'x-oss-storage-class': 'IA' }), MOST);
    const made = cloud.journal.entries(since).map(({ operation }) => operation);
    expect(made.filter((operation) => operation === 'UploadPartCopy')).toHaveLength(parts);
    expect((await bytesOf(key)).equals(content)).toBe(true);
    const { versions } = await versionsOf(bucket, key);
    expect(versions.map(({ storageClass }) => storageClass)).toEqual(['IA', 'Standard', 'IA']);
  });

  test('under a key that has to be encoded', async () => {
    const key = "报告/q'! a+b %41?#&=\\\u0001.bin";
    const content = randomBytes(2 * MOST);
    await copyVersion(bucket, await hidden(key, content), MOST);
    expect((await bytesOf(key)).equals(content)).toBe(true);
    await copyVersion(bucket, await hidden(key, Buffer.from('small')), MOST);
    expect((await bytesOf(key)).toString()).toBe('small');
  });
});

describe('a copy that fails', () => {
  test.each(['UploadPartCopy', 'CompleteMultipartUpload'])(
    'at %s leaves no upload behind',
    async (operation) => {
      const source = await hidden(`fails/${operation}`, randomBytes(2 * MOST));
      cloud.faults.add({ match: { operation }, times: 4, do: BROKEN });
      await expect(copyVersion(bucket, source, MOST)).rejects.toMatchObject({ code: 'oss-unavailable' });
      expect((await client.listUploads({})).uploads).toEqual([]);
      expect((await bytesOf(source.key)).toString()).toBe('on top');
    },
  );

  test('of a version that is not there any more says so', async () => {
    const source = await hidden('gone', Buffer.from('x'));
    await client.delete('gone', { versionId: source.versionId });
    await expect(copyVersion(bucket, source, MOST)).rejects.toMatchObject({
      message: expect.stringMatching(/^Cannot put the newest envelope on top: /),
    });
  });
});

/** How often each operation was called meanwhile. */
async function callsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const since = cloud.journal.entries().at(-1)?.n;
  await work();
  const counts: Record<string, number> = {};
  for (const { operation = '' } of cloud.journal.entries(since))
    counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** Content, and how often it was asked for. */
function countedContent(bytes: Buffer) {
  const counted = {
    asked: 0,
    content: async function* () {
      counted.asked++;
      yield bytes;
    },
  };
  return counted;
}

describe('what is worth it is tried four times beneath the port', () => {
  const writer = (key: string) => objectWriter(bucket, { key, headers: {} });
  const fails = (operation: string, times: number) =>
    cloud.faults.add({ match: { operation }, times, do: BROKEN });
  const unavailable = { code: 'oss-unavailable' };

  test('PutObject, of bytes that were asked for once', async () => {
    const whole = countedContent(Buffer.from('abc'));
    fails('PutObject', 3);
    expect(await callsOf(() => writer('put').put(whole))).toEqual({ PutObject: 4 });
    expect([whole.asked, (await bytesOf('put')).toString()]).toEqual([1, 'abc']);
    fails('PutObject', 4);
    const put = async () => expect(writer('never').put(whole)).rejects.toMatchObject(unavailable);
    expect(await callsOf(put)).toEqual({ PutObject: 4 });
  });

  test('an upload in parts: its beginning, each part with its content anew, and its end; its abort once', async () => {
    fails('InitiateMultipartUpload', 1);
    fails('UploadPart', 2);
    fails('CompleteMultipartUpload', 3);
    const part = countedContent(randomBytes(MOST));
    const calls = await callsOf(async () => {
      const upload = await writer('parts').multipart();
      await upload.complete([await upload.part({ number: 1, size: MOST, content: part.content })]);
    });
    expect(calls).toEqual({ InitiateMultipartUpload: 2, UploadPart: 3, CompleteMultipartUpload: 4 });
    expect(part.asked).toBe(3);
    const upload = await writer('parts').multipart();
    fails('AbortMultipartUpload', 1);
    const abort = async () => expect(upload.abort()).rejects.toMatchObject(unavailable);
    expect(await callsOf(abort)).toEqual({ AbortMultipartUpload: 1 });
  });

  test('not a part whose source fails: who reads it has tried again', async () => {
    const failure = new Fault('oss-unavailable', 'Cannot read the object: busy');
    const upload = await writer('source').multipart();
    let asked = 0;
    const content = async function* () {
      asked++;
      yield randomBytes(10);
      throw failure;
    };
    await expect(upload.part({ number: 1, size: MOST, content })).rejects.toBe(failure);
    expect(asked).toBe(1);
    await upload.abort();
  });

  test('a reading: one that breaks off goes on where it was', async () => {
    const content = randomBytes(3 * MOST);
    await client.put('read', content, {});
    const [version = expect.fail('none')] = (await versionsOf(bucket, 'read')).versions;
    cloud.faults.add({ match: { operation: 'GetObject' }, times: 2, do: { cutBodyAt: MOST } });
    const read = async () =>
      expect(
        (await collect(readRange(bucket, version, { from: 5, to: 3 * MOST }))).equals(content.subarray(5)),
      ).toBe(true);
    expect(await callsOf(read)).toEqual({ GetObject: 3 });
  });
});
