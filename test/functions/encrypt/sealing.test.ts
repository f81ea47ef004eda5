import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vaultIn } from '../../../functions/cloud/vault';
import { parseHeader } from '../../../functions/envelope/envelope';
import type { Call } from '../../../infra/local/gateway/hooks';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import {
  ask,
  type Bench,
  bytesAt,
  deployBench,
  eventOf,
  hold,
  invoke,
  lastLine,
  linesOf,
  opened,
  outcomesOf,
  PART,
  put,
  redeploy,
  upload,
  versionsOf,
} from '../../deployment';
import { bucketBy } from '../../services';

let bench: Bench;
beforeAll(async () => {
  bench = await deployBench();
});
afterEach(() => {
  bench.fail.before = undefined;
});
afterAll(() => bench.close());

async function inboxVersions(key: string): Promise<string[]> {
  return (await versionsOf(bench.inbox, key)).map(({ versionId }) => versionId);
}

async function sealedFacts(key: string) {
  const { start } = await vaultIn(bucketBy(VAULT, bench.vault)).find(key);
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

test.each([10, 3 * PART])('every read of an upload of %i bytes is pinned to its eTag', async (size) => {
  const key = `pinned/${size}`;
  const { eTag } = await upload(bench, key, randomBytes(size));
  const isRead = (call: Call) => /^(Get|Head)Object$/.test(call.operation) && call.bucket === INBOX;
  const reads = bench.calls.filter((call) => isRead(call) && call.key === key);
  expect(reads).toHaveLength(size > PART ? 4 : 1);
  for (const { headers } of reads) expect(headers).toMatchObject({ 'if-match': `"${eTag}"` });
});

test('every part of a large upload is read from one version', async () => {
  const { versionId } = await upload(bench, 'pinned', randomBytes(3 * PART));
  const reads = bench.calls.filter((call) => call.operation === 'GetObject' && call.key === 'pinned');
  expect(reads.map(({ query }) => query.versionId)).toEqual(Array(3).fill(versionId));
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
    'oss-envelope-encrypt oss ListObjectVersions 200',
    'oss-envelope-encrypt oss GetObject 200',
    'oss-envelope-encrypt kms GenerateDataKey 200',
    'oss-envelope-encrypt oss PutObject 200',
    'oss-envelope-encrypt oss ListObjectVersions 200',
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
  const uploads = [await put(bench, 'two/a', Buffer.from('a')), await put(bench, 'two/b', Buffer.from('b'))];
  const { data } = await invoke(bench, 'oss-envelope-encrypt', eventOf(...uploads));
  expect(data).toBe('{"sealed":2,"settled":0,"deadLettered":0}');
  for (const { key } of uploads) expect(await inboxVersions(key)).toEqual([]);
});

test('an event that comes a second time changes nothing', async () => {
  const { eTag } = await upload(bench, 'twice.txt', Buffer.from('once'));
  const versions = await versionsOf(bench.vault);
  const { data } = await invoke(bench, 'oss-envelope-encrypt', eventOf({ key: 'twice.txt', eTag }));
  expect(data).toBe('{"sealed":0,"settled":1,"deadLettered":0}');
  expect(outcomesOf(bench, 'twice.txt')).toEqual(['sealed', 'duplicate']);
  expect(await versionsOf(bench.vault)).toHaveLength(versions.length);
});

test.each<[string, (eTag: string) => string]>([
  ['small.txt', (eTag) => eTag.toLowerCase()],
  ['quoted.txt', (eTag) => `"${eTag}"`],
  ['both.txt', (eTag) => `"${eTag.toLowerCase()}"`],
])('%s: an eTag written otherwise is the same, the first time and the second', async (key, written) => {
  const { eTag } = await put(bench, key, Buffer.from(key));
  const event = eventOf({ key, eTag: written(eTag) });
  for (const _ of [1, 2]) await invoke(bench, 'oss-envelope-encrypt', event);
  expect(outcomesOf(bench, key)).toEqual(['sealed', 'duplicate']);
  expect((await opened(bench, key)).toString()).toBe(key);
});

test('what the owner removed before it was sealed is gone, and no failure', async () => {
  const { eTag, versionId } = await put(bench, 'removed.txt', Buffer.from('removed'));
  await bench.inbox.delete('removed.txt', { versionId });
  const { data } = await invoke(bench, 'oss-envelope-encrypt', eventOf({ key: 'removed.txt', eTag }));
  expect(data).toBe('{"sealed":0,"settled":1,"deadLettered":0}');
  expect(outcomesOf(bench, 'removed.txt')).toEqual(['gone']);
});

test('an upload that was replaced is superseded, and both stay for the event of the newer one', async () => {
  const older = await put(bench, 'replaced.txt', Buffer.from('older'));
  const newer = await put(bench, 'replaced.txt', Buffer.from('newer'));
  await invoke(bench, 'oss-envelope-encrypt', eventOf(older));
  expect(outcomesOf(bench, 'replaced.txt')).toEqual(['superseded']);
  expect(await inboxVersions('replaced.txt')).toEqual([newer.versionId, older.versionId]);
});

test('exactly the version that was sealed is removed: one that comes meanwhile is sealed by its own event', async () => {
  const key = 'meanwhile.txt';
  const held = hold(bench, ({ operation }) => operation === 'GenerateDataKey');
  const older = await bench.inbox.put(key, Buffer.from('older'), {});
  await held.reached;
  const newer = await bench.inbox.put(key, Buffer.from('newer'), {});
  held.release();
  await bench.cloud.idle();
  const removals = bench.calls.filter((call) => call.operation === 'DeleteObject' && call.key === key);
  const removed = new Set(removals.map((call) => call.query.versionId));
  expect(removed).toEqual(new Set([older, newer].map(({ res }) => res.headers['x-oss-version-id'])));
  expect((await opened(bench, key)).toString()).toBe('newer');
});

test('each line of a sealing tells what an operator asks for', async () => {
  const { versionId, eTag } = await upload(bench, 'line.txt', Buffer.from('four'));
  expect(linesOf(bench, 'line.txt')).toEqual([
    {
      ...{ outcome: 'sealed', key: 'line.txt', eTag, versionId, bytes: 4, retries: 0 },
      ms: expect.any(Number),
      requestId: bench.reports.at(-1)?.requestId,
      envelopeVersionId: (await versionsOf(bench.vault, 'line.txt'))[0]?.versionId,
      kmsRequestId: expect.stringMatching(/^[0-9A-Fa-f-]{36}$/),
    },
  ]);
});

test('with ENVELOPE_LOG_KEYS=hash no line holds a key, and an operator who knows one finds its lines', async () => {
  await redeploy(bench, { env: { ENVELOPE_LOG_KEYS: 'hash' } });
  const before = bench.reports.length;
  const hash = createHash('sha256').update('quiet/名.txt').digest('hex').slice(0, 32);
  await upload(bench, 'quiet/名.txt', Buffer.from('sealed'));
  await ask(bench, { key: 'quiet/名.txt' });
  await ask(bench, { key: 'quiet/../名.txt' });
  await ask(bench, { 'quiet/名.txt': 'key', key: 'x' });
  const logs = bench.reports.slice(before).flatMap((report) => report.logs);
  expect(linesOf(bench).flatMap(({ key, outcome }) => (key === hash ? outcome : []))).toEqual([
    'sealed',
    'opened',
  ]);
  expect(logs.join('\n')).not.toMatch(/quiet|名/);
});
