import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createCRC64 } from 'hash-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient, failure } from '../client';
import { root, startCloud } from '../cloud';
import { elementOf, send } from '../raw';

const cloud = await startCloud();
afterAll(cloud.close);
const { client } = cloud;
const KB = 1024;

type Done = { number: number; etag: string };

async function upload(key: string, sizes: Record<number, number>) {
  const { uploadId } = await client.initMultipartUpload(key);
  const parts: Done[] = [];
  const bytes: Buffer[] = [];
  for (const [number, size] of Object.entries(sizes)) {
    const part = Buffer.alloc(size, `part ${number}`);
    const { etag } = await client.uploadPart(key, uploadId, Number(number), part, 0, size);
    parts.push({ number: Number(number), etag });
    bytes.push(part);
  }
  return { uploadId, parts, bytes: Buffer.concat(bytes) };
}

function complete(key: string, uploadId: string, xml: string) {
  return send(cloud, { method: 'POST', key, query: { uploadId }, body: Buffer.from(xml) });
}

function list(parts: Done[]): string {
  const listed = parts.map(
    ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
}

describe('CompleteMultipartUpload', () => {
  test('joins the parts, and tells the CRC-64 of the whole [documented]', async () => {
    const { uploadId, parts, bytes } = await upload('a', { 1: 100 * KB, 2: 150_001, 3: 7 });
    const { res } = await client.completeMultipartUpload('a', uploadId, parts);
    const crc = (await createCRC64()).init().update(bytes).digest('hex');
    expect(res.headers['x-oss-hash-crc64ecma']).toBe(BigInt(`0x${crc}`).toString());
    expect(res.headers.etag).toMatch(/^"[0-9A-F]{32}-3"$/);
    const { content, res: got } = await client.get('a');
    expect(content.equals(bytes)).toBe(true);
    expect(got.headers).toMatchObject({ 'x-oss-object-type': 'Multipart', etag: res.headers.etag });
    expect(got.headers['content-md5']).toBeUndefined();
    expect(res.headers.etag).not.toContain(createHash('md5').update(bytes).digest('hex').toUpperCase());
  });

  test("with quotes as references, as Go writes them [observed in an official SDK's tests]", async () => {
    const { uploadId, parts } = await upload('go', { 1: 3 });
    const written = parts.map(({ number, etag }) => ({ number, etag: etag.replaceAll('"', '&#34;') }));
    expect((await complete('go', uploadId, list(written))).status).toBe(200);
  });

  test('answers bucket, key, location and ETag [documented]', async () => {
    const { uploadId, parts } = await upload('doc/ä', { 1: 3 });
    const { status, body, headers } = await complete('doc/ä', uploadId, list(parts));
    expect([status, elementOf(body, 'Bucket'), elementOf(body, 'Key')]).toEqual([200, 'inbox', 'doc/ä']);
    expect(elementOf(body, 'ETag')?.replaceAll('&quot;', '"')).toBe(headers.etag);
    expect(elementOf(body, 'Location')).toContain('/doc/%C3%A4');
  });

  test('takes numbers that ascend with gaps, and drops the parts not listed [documented]', async () => {
    const { uploadId, parts } = await upload('gaps', { 2: 100 * KB, 5: 100 * KB, 9: 4 });
    const before = (await readdir(join(cloud.data, 'inbox', 'blobs'))).length;
    await client.completeMultipartUpload(
      'gaps',
      uploadId,
      parts.filter(({ number }) => number !== 5),
    );
    expect((await client.head('gaps')).res.headers['content-length']).toBe(String(100 * KB + 4));
    expect((await readdir(join(cloud.data, 'inbox', 'blobs'))).length).toBe(before - 1);
  });

  test('takes ETags with and without quotes [documented]', async () => {
    const { uploadId, parts } = await upload('quotes', { 1: 3 });
    const bare = parts.map(({ number, etag }) => ({ number, etag: etag.replaceAll('"', '') }));
    expect((await complete('quotes', uploadId, list(bare))).status).toBe(200);
  });

  test("ends the upload [observed in an official SDK's tests]", async () => {
    const { uploadId, parts } = await upload('ends', { 1: 3 });
    const ends = await Promise.allSettled(
      [1, 2].map(() => client.completeMultipartUpload('ends', uploadId, parts)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await failure(client.completeMultipartUpload('ends', uploadId, parts))).toMatchObject({
      status: 404,
      code: 'NoSuchUpload',
      ecCode: '0042-00000002',
    });
    expect(await readdir(join(cloud.data, 'inbox', 'uploads'))).not.toContain(`${uploadId}.json`);
  });

  test('makes a version where there are versions [documented]', async () => {
    const versioned = createClient({ endpoint: cloud.oss.endpoint, bucket: 'versioned', credentials: root });
    await versioned.putBucket('versioned');
    await versioned.putBucketVersioning('versioned', 'Enabled');
    const first = await versioned.put('a', Buffer.from('first'));
    const { res } = await versioned.multipartUpload('a', Buffer.alloc(200_000), { partSize: 100 * KB });
    const { objects } = await versioned.getBucketVersions();
    const ids = [res, first.res].map(({ headers }) => headers['x-oss-version-id']);
    expect(objects.map(({ versionId }) => versionId)).toEqual(ids);
  });
});

describe('CompleteMultipartUpload refuses, and keeps the upload', () => {
  test.each([
    ['parts that do not ascend', 'InvalidPartOrder', (parts: Done[]) => list([...parts].reverse())],
    ['a part twice', 'InvalidPartOrder', (parts: Done[]) => list(parts.flatMap((part) => [part, part]))],
    [
      'a part that was not uploaded',
      'InvalidPart',
      (parts: Done[]) => list([...parts, { number: 7, etag: '"A"' }]),
    ],
    [
      'another ETag',
      'InvalidPart',
      (parts: Done[]) => list(parts.map(({ number }) => ({ number, etag: '"A"' }))),
    ],
    ['no XML', 'MalformedXML', () => '<CompleteMultipartUpload>'],
    ['no body', 'MalformedXML', () => ''],
    ['another document', 'MalformedXML', () => '<Delete/>'],
    [
      'a part without a number',
      'MalformedXML',
      () => '<CompleteMultipartUpload><Part><ETag>A</ETag></Part></CompleteMultipartUpload>',
    ],
  ])('%s: %s [documented]', async (_what, code, body) => {
    const { uploadId, parts } = await upload('refused', { 1: 100 * KB, 2: 5 });
    expect(await complete('refused', uploadId, body(parts))).toMatchObject({ status: 400, code });
    expect((await client.listParts('refused', uploadId)).parts.length).toBe(2);
    expect(await failure(client.head('refused'))).toMatchObject({ status: 404 });
  });

  test('a part of less than 100 KB that is not the last [documented]', async () => {
    const { uploadId, parts } = await upload('small', { 1: 100 * KB - 1, 2: 5 });
    const refused = await failure(client.completeMultipartUpload('small', uploadId, parts));
    expect(refused).toMatchObject({ status: 400, code: 'EntityTooSmall' });
    const only = await client.completeMultipartUpload('small', uploadId, parts.slice(0, 1));
    expect(only.res.status).toBe(200);
  });

  test.each(['at initiation', 'at completion'])(
    'to overwrite when forbidden %s [documented]',
    async (when) => {
      const forbid = { headers: { 'x-oss-forbid-overwrite': 'true' } };
      const key = `forbidden ${when}`;
      const { uploadId } = await client.initMultipartUpload(key, when === 'at initiation' ? forbid : {});
      const { etag } = await client.uploadPart(key, uploadId, 1, Buffer.from('new'), 0, 3);
      await client.put(key, Buffer.from('old'));
      const options = when === 'at completion' ? forbid : {};
      const refused = client.completeMultipartUpload(key, uploadId, [{ number: 1, etag }], options);
      expect(await failure(refused)).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
      expect((await client.get(key)).content.toString()).toBe('old');
    },
  );
});

describe('x-oss-complete-all', () => {
  const all = { 'x-oss-complete-all': 'yes' };

  function completeAll(key: string, uploadId: string, headers: Record<string, string>, body = '') {
    return send(cloud, { method: 'POST', key, query: { uploadId }, headers, body: Buffer.from(body) });
  }

  test("joins whatever parts there are [observed in an official SDK's tests]", async () => {
    const { uploadId, bytes } = await upload('all', { 2: 100 * KB, 5: 100 * KB, 9: 7 });
    expect((await completeAll('all', uploadId, { ...all })).status).toBe(200);
    expect((await client.get('all')).content.equals(bytes)).toBe(true);
  });

  test("takes no list beside it [observed in an official SDK's tests]", async () => {
    const { uploadId, parts } = await upload('both', { 1: 3 });
    const refused = await completeAll('both', uploadId, { ...all }, list(parts));
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect(refused.headers['x-oss-ec']).toBe('0042-00000216');
    expect(elementOf(refused.body, 'Message')).toBe(
      'Should not speficy both complete all header and http body.',
    );
  });

  test('is yes or nothing [assumed]', async () => {
    const { uploadId } = await upload('none', {});
    expect(await completeAll('none', uploadId, { 'x-oss-complete-all': 'no' })).toMatchObject({
      status: 400,
    });
  });
});

test("an upload without parts becomes an empty object [observed in an official SDK's tests]", async () => {
  const { uploadId } = await upload('empty', {});
  expect((await complete('empty', uploadId, list([]))).status).toBe(200);
  expect((await client.head('empty')).res.headers['content-length']).toBe('0');
});

test("a sequential upload has the MD5 of its bytes, others have not [observed in an official SDK's tests]", async () => {
  const started = await send(cloud, { method: 'POST', key: 'md5', query: { uploads: '', sequential: '' } });
  const uploadId = elementOf(started.body, 'UploadId') ?? '';
  const body = Buffer.alloc(100 * KB, 'md5');
  const parts: Done[] = [];
  for (const number of [1, 2]) {
    parts.push({ number, ...(await client.uploadPart('md5', uploadId, number, body, 0, body.length)) });
  }
  await client.completeMultipartUpload('md5', uploadId, parts);
  const whole = createHash('md5').update(body).update(body).digest('base64');
  expect((await client.head('md5')).res.headers['content-md5']).toBe(whole);
});

test("an encryption of the completion's own is refused [observed in an official SDK's tests]", async () => {
  const { uploadId } = await client.initMultipartUpload('sse');
  const { etag } = await client.uploadPart('sse', uploadId, 1, Buffer.from('hello'), 0, 5);
  const headers = { 'x-oss-server-side-encryption': 'KMS' };
  const list = `<Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part>`;
  const body = Buffer.from(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
  const refused = await send(cloud, { method: 'POST', key: 'sse', query: { uploadId }, headers, body });
  expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
});
