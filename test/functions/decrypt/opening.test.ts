import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vaultIn } from '../../../functions/cloud/vault';
import { DOWNLOADS, VAULT } from '../../../infra/run/deployment';
import { type Bench, bytesAt, deployBench, PART, upload } from '../../deployment';
import { bucketBy } from '../../services';
import { get, lineOf, plaintextsOf, post } from './asking';

let bench: Bench;
const content = randomBytes(3 * PART + 5);

beforeAll(async () => {
  bench = await deployBench();
  await upload(bench, 'large', content, { 'Content-Type': 'application/pdf' });
});
afterAll(() => bench.close());

async function opened(body: object) {
  const { status, json } = await post(bench, body);
  return { status, json, url: json.url ?? '' };
}

const callsSince = (before: number) =>
  bench.calls.slice(before).map(({ operation, bucket }) => `${operation} ${bucket ?? ''}`.trim());

describe('POST /downloads', () => {
  test('201 with the URL of the plaintext and what a client wants to know of it', async () => {
    const asked = Date.now();
    const { status, json, url } = await opened({ key: 'large', expiresInSeconds: 60 });
    const { versionId, eTag } = await vaultIn(bucketBy(VAULT, bench.vault)).find('large');
    expect(status).toBe(201);
    expect(json).toMatchObject({
      bytes: content.length,
      contentType: 'application/pdf',
      name: 'large',
      versionId,
    });
    expect(Date.parse(json.expiresAt ?? '')).toBeGreaterThan(asked + 58_000);
    expect(Date.parse(json.expiresAt ?? '')).toBeLessThanOrEqual(Date.now() + 60_000);
    expect((await bytesAt(url)).equals(content)).toBe(true);
    expect((await vaultIn(bucketBy(VAULT, bench.vault)).find('large')).eTag).toBe(eTag);
  });

  test('writes one line: who, what, how much, until when, under which request of KMS', async () => {
    await upload(bench, 'lined', Buffer.from('content'));
    const { json } = await opened({ key: 'lined', range: 'bytes=1-3' });
    expect(lineOf(bench)).toEqual({
      outcome: 'opened',
      key: 'lined',
      range: 'bytes=1-3',
      versionId: json.versionId,
      bytes: 3,
      expiresAt: json.expiresAt,
      kmsRequestId: expect.stringMatching(/./),
      cached: false,
      requestId: expect.stringMatching(/./),
      sourceIp: '127.0.0.1',
      userAgent: 'node',
      ms: expect.any(Number),
      retries: 0,
    });
  });

  test('the download carries what the upload carried, encrypted at rest, and is never cached nor shown', async () => {
    await upload(bench, '报告.html', Buffer.from('<script>'), {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Encoding': 'identity',
      'Content-Language': 'zh-CN',
      'Cache-Control': 'max-age=60',
      'x-oss-meta-author': '作者',
      'x-oss-tagging': 'team=blue&year=2026',
    });
    const { url } = await opened({ key: '报告.html' });
    const { headers } = await fetch(url);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-language')).toBe('zh-CN');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-oss-server-side-encryption')).toBe('AES256');
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="__.html"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.html`,
    );
    expect(Buffer.from(headers.get('x-oss-meta-author') ?? '', 'latin1').toString()).toBe('作者');
  });

  test('the caller names the file', async () => {
    const { json, url } = await opened({ key: 'large', fileName: '../年度/报告 "1".pdf' });
    expect(json.name).toBe('.._年度_报告 "1".pdf');
    expect((await fetch(url, { headers: { range: 'bytes=0-0' } })).headers.get('content-disposition')).toBe(
      `attachment; filename="..______ _1_.pdf"; filename*=UTF-8''.._%E5%B9%B4%E5%BA%A6_%E6%8A%A5%E5%91%8A%20%221%22.pdf`,
    );
  });

  test('a URL has no character that a shell, a mail or a chat takes for its end', async () => {
    const { url } = await opened({ key: 'large', fileName: `it's (1) *new*!.pdf` });
    expect(url).toMatch(/^[\w:/?&=.~%-]+$/);
    expect((await fetch(url, { headers: { range: 'bytes=0-0' } })).headers.get('content-disposition')).toBe(
      `attachment; filename="it's (1) *new*!.pdf"; filename*=UTF-8''it%27s%20%281%29%20%2Anew%2A%21.pdf`,
    );
  });

  test('an older version, by its id', async () => {
    await upload(bench, 'twice', Buffer.from('first'));
    const { versionId } = await vaultIn(bucketBy(VAULT, bench.vault)).find('twice');
    await upload(bench, 'twice', Buffer.from('second'));
    const older = await opened({ key: 'twice', versionId });
    expect((await bytesAt(older.url)).toString()).toBe('first');
    expect(older.json.versionId).toBe(versionId);
    expect((await bytesAt((await opened({ key: 'twice' })).url)).toString()).toBe('second');
  });

  test('a range: only its chunks are read, and the download holds exactly these bytes', async () => {
    const before = bench.calls.length;
    const { json, url } = await opened({ key: 'large', range: `bytes=${2 * PART + 7}-${2 * PART + 16_400}` });
    expect(json).toMatchObject({
      bytes: 16_394,
      contentRange: `bytes ${2 * PART + 7}-${2 * PART + 16_400}/${content.length}`,
    });
    expect((await bytesAt(url)).equals(content.subarray(2 * PART + 7, 2 * PART + 16_401))).toBe(true);
    const ranges = bench.calls
      .slice(before)
      .flatMap(({ bucket, headers }) => (bucket === VAULT ? headers.range : []));
    const from = 4096 + 56 + 16 * 16_400;
    expect(ranges).toEqual(['bytes=0-65591', `bytes=${from}-${from + 2 * 16_400 - 1}`]);
  });

  test('a piece of compressed content is not called compressed', async () => {
    await upload(bench, 'a.gz', randomBytes(100), { 'Content-Encoding': 'gzip' });
    const { url } = await opened({ key: 'a.gz', range: 'bytes=10-19' });
    expect((await fetch(url)).headers.get('content-encoding')).toBeNull();
  });
});

describe('asked for again', () => {
  test('the same version and range is only signed again', async () => {
    await upload(bench, 'again', randomBytes(2 * PART));
    const first = await opened({ key: 'again' });
    const before = bench.calls.length;
    const second = await opened({ key: 'again', fileName: 'other' });
    expect(new URL(second.url).pathname).toBe(new URL(first.url).pathname);
    expect(callsSince(before)).toEqual([
      'HttpTrigger',
      `GetObject ${VAULT}`,
      'Decrypt',
      `HeadObject ${DOWNLOADS}`,
      `PutObject ${DOWNLOADS}`,
    ]);
    expect(lineOf(bench)).toMatchObject({
      outcome: 'signed-again',
      kmsRequestId: expect.stringMatching(/./),
    });
  });

  test('another range, another version: another plaintext', async () => {
    await upload(bench, 'other', Buffer.from('content'));
    const urls = [
      (await opened({ key: 'other' })).url,
      (await opened({ key: 'other', range: 'bytes=0-5' })).url,
      (await opened({ key: 'other', range: 'bytes=0-6' })).url,
    ];
    await upload(bench, 'other', Buffer.from('content'));
    urls.push((await opened({ key: 'other' })).url);
    const [whole, part, all, newer] = urls.map((url) => new URL(url).pathname);
    expect(all).toBe(whole);
    expect(new Set([whole, part, newer]).size).toBe(3);
  });

  test('a plaintext of another length is not taken for this one', async () => {
    await upload(bench, 'changed', Buffer.from('content'));
    const { url } = await opened({ key: 'changed' });
    await bench.downloads.put(decodeURIComponent(new URL(url).pathname.slice(1)), Buffer.from('cont'), {});
    expect((await bytesAt((await opened({ key: 'changed' })).url)).toString()).toBe('content');
    expect(lineOf(bench)).toMatchObject({ outcome: 'opened' });
  });
});

describe('the signed URL opens one object to GET, and nothing else', () => {
  const cases: [string, (url: string) => Promise<Response>][] = [
    ['another method', (url) => fetch(url, { method: 'DELETE' })],
    ['HEAD', (url) => fetch(url, { method: 'HEAD' })],
    ['one character changed', (url) => fetch(url.slice(0, -1) + (url.endsWith('0') ? '1' : '0'))],
    ['another key', (url) => fetch(url.replace(/\/([^/?]+)\?/, '/other?'))],
    ['the state beside it', (url) => fetch(url.replace('/plain/', '/state/'))],
    ['a parameter added', (url) => fetch(`${url}&response-expires=0`)],
    ['a parameter changed', (url) => fetch(url.replace('attachment', 'inline'))],
    ['another life', (url) => fetch(url.replace('x-oss-expires=300', 'x-oss-expires=900'))],
    ['no signature', (url) => fetch(url.replace(/\?.*/, ''))],
  ];
  test.each(cases)('%s is refused', async (_, fetchIt) => {
    const { url } = await opened({ key: 'large' });
    expect(url).toContain('x-oss-expires=300');
    expect((await fetchIt(url)).status).toBe(403);
  });

  test('when its time is over it opens nothing; the download is swept soon after', async () => {
    await upload(bench, 'a', Buffer.from('content'));
    const { json } = await post(bench, { key: 'a' });
    await bench.cloud.clock.advance(290_000);
    expect((await fetch(json.url ?? '')).status).toBe(200);
    await bench.cloud.clock.advance(11_000);
    expect((await fetch(json.url ?? '')).status).toBe(403);
    expect((await get(bench, `/downloads/${json.id}`)).json.state).toBe('ready');
    await bench.cloud.clock.advance(3_400_000);
    expect((await get(bench, `/downloads/${json.id}`)).json.code).toBe('download-unknown');
    expect((await post(bench, { key: 'a' })).status).toBe(201);
    expect(lineOf(bench)).toMatchObject({ outcome: 'opened' });
    await bench.cloud.clock.advance(3_901_000);
    await bench.cloud.idle();
    expect(await plaintextsOf(bench)).toEqual([]);
  });
});
