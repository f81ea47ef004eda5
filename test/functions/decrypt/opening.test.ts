import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOWNLOADS, VAULT } from '../../../cli/local-deployment';
import { openVault } from '../../../functions/cloud/vault';
import { factsBytes, parseHeader } from '../../../functions/envelope/envelope';
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
afterAll(() => bench.close());

async function envelopeOf(key: string, { vault } = bench): Promise<Buffer> {
  const stream = (await vault.getStream(key, {})).stream;
  return Buffer.concat(await stream.toArray());
}

const downloadsNow = async () => (await versionsOf(bench.downloads)).length;

test('201 with the URL of the plaintext and what a client wants to know of it', async () => {
  const content = randomBytes(200_000);
  await upload(bench, 'reports/2026.pdf', content, { 'Content-Type': 'application/pdf' });
  const asked = Date.now();
  const { status, type, json } = await ask(bench, { key: 'reports/2026.pdf' });
  expect({ status, type }).toEqual({ status: 201, type: 'application/json' });
  expect(Object.keys(json).sort()).toEqual(['bytes', 'contentType', 'expiresAt', 'name', 'url']);
  expect(json).toMatchObject({ bytes: 200_000, contentType: 'application/pdf', name: '2026.pdf' });
  const life = Date.parse(json.expiresAt ?? '') - asked;
  expect(life).toBeGreaterThan(0);
  expect(life).toBeLessThanOrEqual(3_600_000);
  expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
  expect(lastLine(bench)).toMatchObject({ outcome: 'opened', key: 'reports/2026.pdf', bytes: 200_000 });
});

test('the download carries what the upload carried, and is never cached nor shown', async () => {
  await upload(bench, '报告.html', Buffer.from('<script>'), {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Encoding': 'identity',
    'Content-Language': 'zh-CN',
    'Cache-Control': 'max-age=60',
    'x-oss-meta-author': '作者',
    'x-oss-tagging': 'team=blue&year=2026',
  });
  const { json } = await ask(bench, { key: '报告.html' });
  const { headers } = await fetch(json.url ?? '');
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-language')).toBe('zh-CN');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="__.html"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.html`,
  );
  expect(Buffer.from(headers.get('x-oss-meta-author') ?? '', 'latin1').toString()).toBe('作者');
});

describe('the signed URL opens one object to GET, and nothing else', () => {
  test.each([
    ['another method', (url: string) => fetch(url, { method: 'DELETE' })],
    ['one character changed', (url: string) => fetch(url.slice(0, -1) + (url.endsWith('0') ? '1' : '0'))],
    ['another key', (url: string) => fetch(url.replace(/\/([^/?]+)\?/, '/other?'))],
    ['a parameter added', (url: string) => fetch(`${url}&response-content-type=text%2Fhtml`)],
    ['no signature', (url: string) => fetch(url.replace(/\?.*/, ''))],
  ])('%s is refused', async (_, call) => {
    await upload(bench, 'signed.txt', Buffer.from('content'));
    const { json } = await ask(bench, { key: 'signed.txt' });
    expect((await call(json.url ?? '')).status).toBe(403);
  });
});

describe('requests that are refused', () => {
  test.each([
    ['not JSON', '{', 400, 'request-invalid'],
    ['not an object', '[]', 400, 'request-invalid'],
    ['no key', '{}', 400, 'request-invalid'],
    ['an unknown field', '{"key":"a","colour":"red"}', 400, 'request-invalid'],
    ['a key that is no string', '{"key":1}', 400, 'request-invalid'],
    ['a key with a segment ..', '{"key":"a/../b"}', 422, 'key-unsupported'],
    ['no such envelope', '{"key":"nothing"}', 404, 'envelope-missing'],
  ])('%s', async (_, body, status, code) => {
    const answer = await ask(bench, body);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', json: { status, code } });
    expect(answer.json.requestId).toMatch(/./);
    expect(lastLine(bench)).toMatchObject({ outcome: 'failed', code });
  });

  test('an unsigned request never reaches the function', async () => {
    const before = bench.reports.length;
    const { status } = await fetch(bench.decryptUrl, { method: 'POST', body: '{"key":"a"}' });
    expect(status).toBe(403);
    expect(bench.reports.length).toBe(before);
  });
});

describe('what is no envelope of this place is not opened: one answer, nothing left behind', () => {
  const cases: [string, (key: string) => Promise<Buffer>][] = [
    ['plaintext put there by hand', async () => Buffer.from('hello')],
    ['an empty object', async () => Buffer.alloc(0)],
    ['the envelope of another key', async () => envelopeOf('source')],
    ['a flipped bit in the last chunk', async (key) => flipped(await envelopeOf(key), -1)],
    ['a flipped bit in the commitment', async (key) => flipped(await envelopeOf(key), 4096 + 30)],
    [
      'a flipped bit in the metadata',
      async (key) => flipped(await envelopeOf(key), (await envelopeOf(key)).indexOf('metadata ') + 12),
    ],
    ['a cut-off tail', async (key) => (await envelopeOf(key)).subarray(0, -1)],
    ['an appended byte', async (key) => Buffer.concat([await envelopeOf(key), Buffer.of(0)])],
    ['a foreign account', async (key) => withAccount(await envelopeOf(key))],
    [
      'a foreign vault',
      async (key) => replaced(await envelopeOf(key), VAULT, VAULT.replace('vault', 'vaulu')),
    ],
  ];
  test.each(cases)('%s', async (name, forge) => {
    await upload(bench, 'source', randomBytes(3 * PART + 5));
    await upload(bench, name, randomBytes(3 * PART + 5));
    await bench.vault.put(name, await forge(name), {});
    const before = await downloadsNow();
    const { status, json } = await ask(bench, { key: name });
    expect({ status, title: json.title, code: json.code }).toEqual({
      status: 422,
      title: 'Cannot open the envelope',
      code: 'cannot-open',
    });
    expect(lastLine(bench).detail).toMatch(/./);
    expect(await downloadsNow()).toBe(before);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });

  test('facts of one envelope over the body of another: KMS refuses the data key', async () => {
    await upload(bench, 'one', randomBytes(100));
    await upload(bench, 'other', randomBytes(100));
    const { facts } = parseHeader(await envelopeOf('one'));
    const time =
      factsBytes(facts)
        .toString()
        .match(/sealedAt":"([^"]+)/)?.[1] ?? '';
    const later = new Date(Date.parse(time) + 1).toISOString();
    await bench.vault.put('one', replaced(await envelopeOf('one'), time, later), {});
    const { status, json } = await ask(bench, { key: 'one' });
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'cannot-open' });
    expect(lastLine(bench).detail).toContain('KMS');
  });
});

test('a wrapped key that names another key than KMS used is not opened, though both are allowed', async () => {
  const own = await deployBench();
  const arn = own.env.KMS_KEY_ARNS ?? '';
  const other = arn.slice(0, -4) + (arn.endsWith('0000') ? '1111' : '0000');
  const fc = await own.cloud.deploy(resolve('s.yaml'), { ...own.env, KMS_KEY_ARNS: `${arn},${other}` });
  const decryptUrl = `${fc.functions.get('oss-envelope-decrypt')?.httpUrl}/downloads`;
  await upload(own, 'two-keys', randomBytes(100));
  await own.vault.put('two-keys', replaced(await envelopeOf('two-keys', own), arn, other), {});
  const { status, json } = await ask({ ...own, decryptUrl }, { key: 'two-keys' });
  expect({ status, code: json.code }).toEqual({ status: 422, code: 'cannot-open' });
  expect(lastLine(own).detail).toContain('another key');
  await own.close();
});

describe('a call that fails', () => {
  test.each([
    ['GetObject', () => new OssError('InternalError')],
    ['UploadPart', () => new OssError('InternalError')],
    ['UploadPart', () => new Error('connection lost')],
    ['Decrypt', () => new KmsError('ServiceUnavailableTemporary')],
  ] as const)('%s once is made again', async (operation, error) => {
    const content = randomBytes(3 * PART);
    await upload(bench, `once/${operation}`, content);
    failFirst(bench, 1, operation, error);
    const { status, json } = await ask(bench, { key: `once/${operation}` });
    bench.fail.before = undefined;
    expect(status).toBe(201);
    expect((await bytesAt(json.url ?? '')).equals(content)).toBe(true);
  });

  test('for good is a problem with a code, and leaves nothing behind', async () => {
    await upload(bench, 'refused', randomBytes(3 * PART));
    const before = await downloadsNow();
    bench.fail.before = (call) => {
      if (call.operation === 'UploadPart' && call.bucket === DOWNLOADS) throw new OssError('AccessDenied');
    };
    const { status, json } = await ask(bench, { key: 'refused' });
    bench.fail.before = undefined;
    expect({ status, code: json.code }).toEqual({ status: 502, code: 'oss-refused' });
    expect(await downloadsNow()).toBe(before);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });
});

test('no log line and no answer holds a token, a signature or content, whatever fails', async () => {
  const phrase = 'content that stays out of logs';
  await upload(bench, 'quiet', Buffer.from(phrase.repeat(10_000)));
  const answers: string[] = [];
  for (const operation of ['Decrypt', 'GetObject', 'UploadPart', 'CompleteMultipartUpload']) {
    bench.fail.before = (call) => {
      if (call.operation === operation) throw new Error('connection lost');
    };
    answers.push(JSON.stringify((await ask(bench, { key: 'quiet' })).json));
  }
  bench.fail.before = undefined;
  const logs = bench.reports.flatMap((report) => report.logs);
  expect(answers.filter((answer) => answer.includes('unavailable'))).toHaveLength(4);
  for (const text of [...logs, ...answers]) expect(text).not.toMatch(/CAIS|STS\.|[Ss]ignature=|Plaintext/);
  expect([...logs, ...answers].join()).not.toContain(phrase);
});

describe('InvokeFunction', () => {
  test('takes the bare payload and returns the download', async () => {
    await upload(bench, 'bare.txt', Buffer.from('bare'));
    const { data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"bare.txt"}');
    const { url, name } = JSON.parse(String(data));
    expect(name).toBe('bare.txt');
    expect((await bytesAt(url)).toString()).toBe('bare');
  });

  test('reports a failure as an error of the function, with the sentence and no more', async () => {
    const { errorType, data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"nothing"}');
    expect(errorType).toBe('HandledInvocationError');
    expect(data).toMatchObject({ errorMessage: 'Cannot open the envelope: there is none under this key' });
  });
});

test('the vault keeps its envelope: opening removes nothing', async () => {
  await upload(bench, 'kept', Buffer.from('kept'));
  const { eTag } = await openVault(bench.vault, bench.vault, VAULT).find('kept');
  await ask(bench, { key: 'kept' });
  expect((await openVault(bench.vault, bench.vault, VAULT).find('kept')).eTag).toBe(eTag);
});

function flipped(bytes: Buffer, at: number): Buffer {
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes;
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  bytes.write(to, at);
  return bytes;
}

function withAccount(bytes: Buffer): Buffer {
  return replaced(bytes, `:${bench.cloud.accountId}:key/`, ':9999999999999999:key/');
}
