import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEAD_LETTERS, INBOX, VAULT } from '../../../cli/local-deployment';
import { openVault } from '../../../functions/cloud/vault';
import { parseHeader } from '../../../functions/envelope/envelope';
import { KmsError } from '../../../infra/local/kms/errors';
import { OssError } from '../../../infra/local/oss/errors';
import {
  ask,
  type Bench,
  bytesAt,
  deployBench,
  failFirst,
  invoke,
  lastLine,
  PART,
  unfinishedIn,
  upload,
  versionsOf,
} from '../../deployment';

let bench: Bench;
beforeAll(async () => {
  bench = await deployBench();
});
afterEach(() => {
  bench.fail.before = undefined;
});
afterAll(() => bench.close());

function eventOf(...uploads: { key: string; eTag: string }[]): string {
  const events = uploads.map(({ key, eTag }) => ({
    eventName: 'ObjectCreated:PutObject',
    oss: { bucket: { name: INBOX }, object: { key, eTag } },
  }));
  return JSON.stringify({ events });
}

async function inboxVersions(key: string): Promise<string[]> {
  return (await versionsOf(bench.inbox, key)).map(({ versionId }) => versionId);
}

async function sealedFacts(key: string) {
  const { start } = await openVault(bench.vault, bench.vault, VAULT).find(key);
  return parseHeader(start).facts;
}

describe('an upload is sealed, opens byte for byte, and leaves the inbox empty', () => {
  const sizes = [
    0,
    1,
    16_383,
    16_384,
    16_385,
    PART - 1,
    PART,
    PART + 1,
    3 * PART,
    3 * PART + 16_384,
    1_000_003,
  ];
  test.each(sizes)('size=%i', async (size) => {
    const key = `sizes/${size}.bin`;
    const content = randomBytes(size);
    const { versionId, eTag } = await upload(bench, key, content);
    expect(lastLine(bench)).toMatchObject({ outcome: 'sealed', key, versionId, bytes: size });
    expect(await sealedFacts(key)).toMatchObject({
      vault: { bucket: VAULT, key },
      inbox: { bucket: INBOX, key, versionId, eTag, size },
    });
    expect(await inboxVersions(key)).toEqual([]);
    const { status, json } = await ask(bench, { key });
    expect(status).toBe(201);
    expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
  });
});

describe('object keys', () => {
  const keys = [
    'a',
    'k'.repeat(1023),
    '报告/文件.pdf',
    '🔐 key',
    "q'!()*+%41 ?#&=",
    '.hidden',
    'folder/',
    'a//b',
    'line\nfeed',
  ];
  test.each(keys)('%j', async (key) => {
    const content = Buffer.from(`content of ${key}`);
    await upload(bench, key, content);
    const { json } = await ask(bench, { key });
    expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
  });
});

test('a multipart upload of the uploader is one upload', async () => {
  const { inbox, cloud } = bench;
  const content = randomBytes(300_000);
  const { uploadId } = await inbox.initMultipartUpload('parts.bin', {});
  const pieces = [content.subarray(0, 150_000), content.subarray(150_000)];
  const parts: { number: number; etag: string }[] = [];
  for (const [index, piece] of pieces.entries()) {
    const data = { stream: Readable.from([piece], { objectMode: false }), size: piece.length };
    const { etag } = await inbox._uploadPart('parts.bin', uploadId, index + 1, data, {});
    parts.push({ number: index + 1, etag });
  }
  const before = bench.reports.length;
  await inbox.completeMultipartUpload('parts.bin', uploadId, parts, {});
  await cloud.idle();
  expect(bench.reports.length).toBe(before + 1);
  const { json } = await ask(bench, { key: 'parts.bin' });
  expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
});

test('every read of the source is pinned to one version and its eTag', async () => {
  const key = 'pinned.bin';
  const { versionId, eTag } = await upload(bench, key, randomBytes(3 * PART));
  const reads = bench.calls.filter((call) => call.operation === 'GetObject' && call.key === key);
  expect(reads).toHaveLength(3);
  for (const { query, headers } of reads) {
    expect(query).toMatchObject({ versionId });
    expect(headers).toMatchObject({ 'if-match': `"${eTag}"` });
  }
});

test('the calls of one sealing, in their order, each by the role that makes it', async () => {
  const since = bench.cloud.journal.entries().at(-1)?.n;
  await upload(bench, 'told.txt', Buffer.from('once'));
  const calls = bench.cloud.journal.entries(since).map(({ service, operation, status, principal }) => {
    const who = /role\/([^/]+)/.exec(principal)?.[1] ?? 'owner';
    return `${who} ${service} ${operation} ${status}`;
  });
  expect(calls).toEqual([
    'oss-envelope-trigger fc InvokeFunction 202',
    'owner oss PutObject 200',
    'oss-envelope-encrypt oss HeadObject 200',
    'oss-envelope-encrypt kms GenerateDataKey 200',
    'oss-envelope-encrypt oss GetObject 206',
    'oss-envelope-encrypt oss PutObject 200',
    'oss-envelope-encrypt oss DeleteObject 204',
  ]);
});

test('no byte of plaintext and no key lies in the vault', async () => {
  const phrase = 'a phrase that is easily found';
  await upload(bench, 'phrase.txt', Buffer.from(phrase.repeat(20)), { 'x-oss-meta-note': phrase });
  const folder = join(bench.data, 'oss', VAULT);
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const { parentPath, name } of files) {
    expect((await readFile(join(parentPath, name))).includes(phrase)).toBe(false);
  }
});

test('every upload of an event is sealed, never only the first', async () => {
  const { inbox, cloud } = bench;
  failFirst(bench, 8, 'GenerateDataKey', () => new KmsError('Rejected.Disabled'));
  const eTags: { key: string; eTag: string }[] = [];
  for (const key of ['two/a', 'two/b']) {
    const { res } = await inbox.put(key, Buffer.from(key), {});
    eTags.push({ key, eTag: (res.headers.etag ?? '').replaceAll('"', '') });
  }
  await cloud.idle();
  bench.fail.before = undefined;
  const { data } = await invoke(bench, 'oss-envelope-encrypt', eventOf(...eTags));
  expect(data).toBe('{"sealed":2,"settled":0}');
  for (const { key } of eTags) expect(await inboxVersions(key)).toEqual([]);
});

test('an event that comes a second time changes nothing', async () => {
  const { eTag } = await upload(bench, 'twice.txt', Buffer.from('once'));
  const versions = await versionsOf(bench.vault);
  const { data } = await invoke(bench, 'oss-envelope-encrypt', eventOf({ key: 'twice.txt', eTag }));
  expect(data).toBe('{"sealed":0,"settled":1}');
  expect(lastLine(bench)).toMatchObject({ outcome: 'gone', key: 'twice.txt' });
  expect(await versionsOf(bench.vault)).toHaveLength(versions.length);
});

test('an upload that was replaced is superseded, and the newer one stays', async () => {
  failFirst(bench, 100, 'HeadObject', () => new OssError('AccessDenied'));
  const { eTag: older } = await upload(bench, 'replaced.txt', Buffer.from('older'));
  await upload(bench, 'replaced.txt', Buffer.from('newer'));
  bench.fail.before = undefined;
  await invoke(bench, 'oss-envelope-encrypt', eventOf({ key: 'replaced.txt', eTag: older }));
  expect(lastLine(bench)).toMatchObject({ outcome: 'superseded', key: 'replaced.txt' });
  expect(await inboxVersions('replaced.txt')).toHaveLength(2);
});

test('exactly the version that was sealed is removed: one that comes meanwhile is sealed by its own event', async () => {
  const key = 'meanwhile.txt';
  let newer = '';
  bench.fail.before = async (call) => {
    if (call.operation !== 'GenerateDataKey' || newer) return;
    newer = 'on its way';
    newer = (await bench.inbox.put(key, Buffer.from('newer'), {})).res.headers['x-oss-version-id'] ?? '';
  };
  const { versionId } = await upload(bench, key, Buffer.from('older'));
  const removals = bench.calls.filter((call) => call.operation === 'DeleteObject' && call.key === key);
  expect(removals.map((call) => call.query.versionId).sort()).toEqual([versionId, newer].sort());
  expect(await versionsOf(bench.vault, key)).toHaveLength(2);
});

describe('a call that fails once is made again, by itself', () => {
  const unavailable = () => new OssError('InternalError');
  const faults: [string, () => Error][] = [
    ['HeadObject', unavailable],
    ['GetObject', unavailable],
    ['InitiateMultipartUpload', unavailable],
    ['UploadPart', unavailable],
    ['UploadPart', () => new Error('connection lost')],
    ['DeleteObject', unavailable],
    ['GenerateDataKey', () => new KmsError('ServiceUnavailableTemporary')],
    ['GenerateDataKey', () => new KmsError('Rejected.Throttling')],
    ['GenerateDataKey', () => new Error('connection lost')],
  ];
  test.each(faults)('%s', async (operation, error) => {
    const before = bench.reports.length;
    failFirst(bench, 1, operation, error);
    const content = randomBytes(3 * PART);
    await upload(bench, `once/${operation}`, content);
    bench.fail.before = undefined;
    expect(bench.reports.slice(before).map((report) => report.error)).toEqual([undefined]);
    const { json } = await ask(bench, { key: `once/${operation}` });
    expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
  });
});

describe('what fails for good costs no plaintext', () => {
  const faults: [string, () => Error, string][] = [
    ['GenerateDataKey', () => new KmsError('Rejected.Disabled'), 'kms-refused'],

    ['UploadPart', () => new OssError('AccessDenied'), 'oss-refused'],
    ['CompleteMultipartUpload', () => new OssError('InternalError'), 'oss-unavailable'],
  ];
  test.each(faults)('%s', async (operation, error, code) => {
    const key = `never/${operation}/${code}`;
    failFirst(bench, 1000, operation, error);
    const { versionId } = await upload(bench, key, randomBytes(3 * PART));
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', key, code });
    expect(await inboxVersions(key)).toEqual([versionId]);
    expect(await unfinishedIn(bench.vault)).toEqual([]);
    const letter = JSON.parse(bench.cloud.mns.peek(DEAD_LETTERS).at(-1)?.body ?? '');
    expect(letter.requestContext).toMatchObject({
      condition: 'HandledInvocationError',
      approximateInvokeCount: 4,
    });
    const { events } = JSON.parse(letter.requestPayload);
    expect(events).toMatchObject([{ oss: { bucket: { name: INBOX }, object: { key } } }]);
  });
});

test('an inbox without versions is refused, and its upload stays', async () => {
  await bench.inbox.putBucketVersioning(INBOX, 'Suspended');
  await upload(bench, 'unversioned.txt', Buffer.from('stays'));
  await bench.inbox.putBucketVersioning(INBOX, 'Enabled');
  expect(lastLine(bench)).toMatchObject({ outcome: 'failed', code: 'inbox-unversioned' });
  expect(await inboxVersions('unversioned.txt')).toEqual(['null']);
});

test('a vault without versions is refused, and the upload stays', async () => {
  await bench.vault.putBucketVersioning(VAULT, 'Suspended');
  const { versionId } = await upload(bench, 'no-history.txt', Buffer.from('stays'));
  await bench.vault.putBucketVersioning(VAULT, 'Enabled');
  expect(lastLine(bench)).toMatchObject({ outcome: 'failed', code: 'vault-unversioned' });
  expect(await inboxVersions('no-history.txt')).toEqual([versionId]);
});

describe('events that are refused', () => {
  const events: [string, string][] = [
    ['no JSON', 'hello'],
    ['no list', '{}'],
    ['an empty list', '{"events":[]}'],
    ['another bucket', eventOf({ key: 'a', eTag: 'b' }).replace(INBOX, 'foreign-bucket')],
    ['no upload', eventOf({ key: 'a', eTag: 'b' }).replace('PutObject', 'UploadPart')],
  ];
  test.each(events)('%s', async (_, event) => {
    const { errorType } = await invoke(bench, 'oss-envelope-encrypt', event);
    expect(errorType).toBe('HandledInvocationError');
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', code: 'event-invalid' });
  });

  test('a key that no client can name', async () => {
    await invoke(bench, 'oss-envelope-encrypt', eventOf({ key: 'a/../b', eTag: 'b' }));
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', code: 'key-unsupported' });
  });
});
