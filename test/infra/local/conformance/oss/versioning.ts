import { describe, expect, test } from 'vitest';
import { at, versioned } from './scratch';

const { client, send } = versioned;
type Result = { res: { headers: Record<string, string> } };
const versionOf = ({ res }: Result) => res.headers['x-oss-version-id'] ?? '';
const put = async (key: string, text: string) => versionOf(await client.put(key, Buffer.from(text)));

async function twoVersions(name: string) {
  const key = at(name);
  return { key, old: await put(key, 'old'), young: await put(key, 'new') };
}

describe('a versioned bucket', () => {
  test('keeps every version under its id [documented]', async () => {
    const { key, old, young } = await twoVersions('kept');
    expect(new Set([old, young, '']).size).toBe(3);
    expect((await client.get(key, { versionId: old })).content.toString()).toBe('old');
    expect(versionOf(await client.get(key))).toBe(young);
    expect(versionOf(await client.head(key, { versionId: old }))).toBe(old);
  });

  test('lists the versions of a key, the latest first [documented]', async () => {
    const { key, old, young } = await twoVersions('listed');
    const { objects } = await client.getBucketVersions({ prefix: key });
    expect(objects.map(({ versionId, isLatest }) => [versionId, isLatest])).toEqual([
      [young, true],
      [old, false],
    ]);
  });

  test('gives a version to copies, multipart uploads and links [documented]', async () => {
    await put(at('source'), 'source');
    expect(versionOf(await client.copy(at('copy'), at('source')))).not.toBe('');
    expect(versionOf(await client.putSymlink(at('link'), at('source')))).not.toBe('');
    const { uploadId } = await client.initMultipartUpload(at('upload'));
    const { etag } = await client.uploadPart(at('upload'), uploadId, 1, Buffer.from('x'), 0, 1);
    const done = await client.completeMultipartUpload(at('upload'), uploadId, [{ number: 1, etag }]);
    expect(versionOf(done)).not.toBe('');
  });

  test('copies an old version [documented]', async () => {
    const { key, old } = await twoVersions('copied');
    await client.copy(at('copy-of-old'), key, { versionId: old });
    expect((await client.get(at('copy-of-old'))).content.toString()).toBe('old');
  });

  test('deletes exactly the version that is named [documented]', async () => {
    const { key, old, young } = await twoVersions('one');
    const { res } = await client.delete(key, { versionId: young });
    expect([res.status, versionOf({ res }), res.headers['x-oss-delete-marker']]).toEqual([
      204,
      young,
      undefined,
    ]);
    expect(versionOf(await client.get(key))).toBe(old);
  });

  test('a version that is not there is 404 NoSuchVersion [documented]', async () => {
    const { key, old } = await twoVersions('gone');
    await client.delete(key, { versionId: old });
    const { status, code } = await send({ method: 'GET', key, query: { versionId: old } });
    expect([status, code]).toEqual([404, 'NoSuchVersion']);
  });
});

describe('a delete marker', () => {
  async function deleted(name: string) {
    const versions = await twoVersions(name);
    const { res } = await client.delete(versions.key);
    return { ...versions, res, marker: versionOf({ res }) };
  }

  test('is what a delete without a version leaves [documented]', async () => {
    const { key, res, marker, young } = await deleted('marked');
    expect([res.status, res.headers['x-oss-delete-marker']]).toEqual([204, 'true']);
    expect([young, '']).not.toContain(marker);
    expect((await client.listV2({ prefix: key })).keyCount).toBe(0);
    const { deleteMarker } = await client.getBucketVersions({ prefix: key });
    expect(deleteMarker.map(({ versionId }) => versionId)).toEqual([marker]);
  });

  test('hides the object, and says so [documented]', async () => {
    const { key, old } = await deleted('hidden');
    const { status, code, headers } = await send({ method: 'GET', key });
    expect([status, code, headers['x-oss-delete-marker']]).toEqual([404, 'NoSuchKey', 'true']);
    expect((await client.get(key, { versionId: old })).content.toString()).toBe('old');
  });

  test('cannot be read [documented]', async () => {
    const { key, marker } = await deleted('read');
    const { status, code, headers } = await send({ method: 'GET', key, query: { versionId: marker } });
    expect([status, code, headers['x-oss-delete-marker']]).toEqual([405, 'MethodNotAllowed', 'true']);
  });

  test('deleted, brings the object back [documented]', async () => {
    const { key, marker, young } = await deleted('back');
    const { res } = await client.delete(key, { versionId: marker });
    expect(res.headers['x-oss-delete-marker']).toBe('true');
    expect(versionOf(await client.get(key))).toBe(young);
  });

  test('is left by DeleteMultipleObjects too, unless versions are named [documented]', async () => {
    const { key, old } = await twoVersions('many');
    const [marked] = (await client.deleteMulti([key])).deleted;
    expect(marked).toMatchObject({
      Key: key,
      DeleteMarker: 'true',
      DeleteMarkerVersionId: expect.any(String),
    });
    const [named] = (await client.deleteMulti([{ key, versionId: old }])).deleted;
    expect(named).toMatchObject({ Key: key, VersionId: old });
  });
});

test('a list of versions in pages shows each once [documented]', async () => {
  const expected: string[] = [];
  for (const name of ['pages/a', 'pages/b']) {
    const { old, young } = await twoVersions(name);
    expected.push(young, old);
  }
  const seen: string[] = [];
  let next: Record<string, string> = {};
  for (let pages = 0; pages < 5; pages++) {
    const page = await client.getBucketVersions({ prefix: at('pages/'), maxKeys: 1, ...next });
    seen.push(...page.objects.map(({ versionId }) => versionId));
    if (!page.isTruncated) break;
    next = { keyMarker: page.nextKeyMarker ?? '', versionIdMarker: page.nextVersionIdMarker ?? '' };
  }
  expect(seen).toEqual(expected);
});
