import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KmsError } from '../../../infra/local/kms/errors';
import { OssError } from '../../../infra/local/oss/errors';
import { type Bench, deployBench, invoke, PART, unfinishedIn, upload } from '../../deployment';
import { get, lineOf, plaintextsOf, post } from './asking';

let bench: Bench;
const phrase = 'what must stay secret and whole';
const content = Buffer.concat([Buffer.from(phrase), randomBytes(PART + 5 * 16_384)]);

beforeAll(async () => {
  bench = await deployBench();
  await upload(bench, 'own', content);
});
beforeEach(() => {
  bench.fail.before = undefined;
});
afterAll(async () => {
  const left = { plaintexts: await plaintextsOf(bench), unfinished: await unfinishedIn(bench.downloads) };
  await bench.close();
  expect(left).toEqual({ plaintexts: [], unfinished: [] });
});

async function refused(request: Promise<{ status: number; json: Record<string, string | undefined> }>) {
  const { status, json } = await request;
  return { status, code: json.code, title: json.title };
}

describe('a body that is refused', () => {
  test.each([
    ['', 'it is not JSON'],
    ['{', 'it is not JSON'],
    ['[]', 'it must be a JSON object'],
    ['null', 'it must be a JSON object'],
    ['{}', 'field "key" is missing'],
    ['{"key":1}', 'field "key" must be an object key of 1 to 1023 characters'],
    ['{"key":""}', 'field "key" must be an object key of 1 to 1023 characters'],
    [`{"key":"${'k'.repeat(1024)}"}`, 'field "key" must be an object key of 1 to 1023 characters'],
    ['{"key":"own","colour":"red"}', 'field "colour" is unknown'],
    ['{"key":"own","__proto__":{}}', 'field "__proto__" is unknown'],
    ['{"key":"own","a/b~c":1}', 'field "a/b~c" is unknown'],
    ['{"key":"own","\\ud800":1}', 'the name of a field is malformed'],
    ['{"key":"own","versionId":""}', 'field "versionId" must be a version id of the vault'],
    ['{"key":"own","versionId":"a b"}', 'field "versionId" must be a version id of the vault'],
    ['{"key":"own","id":"too-short"}', 'field "id" must be 16 to 64 characters of A-Z a-z 0-9 - _'],
    [
      '{"key":"own","id":"../../plain/abcdefgh"}',
      'field "id" must be 16 to 64 characters of A-Z a-z 0-9 - _',
    ],
    ['{"key":"own","fileName":""}', 'field "fileName" must be a file name of 1 to 200 characters'],
    ['{"key":"own","disposition":"form-data"}', 'field "disposition" must be attachment or inline'],
    ['{"key":"own","range":"bytes=5-4"}', 'field "range" ends before it begins'],
    ...['0', '-1', '3601', '1e99', '1.5', '"300"', 'null'].map((seconds) => [
      `{"key":"own","expiresInSeconds":${seconds}}`,
      'field "expiresInSeconds" must be a whole number from 1 to 3600',
    ]),
    ...[
      '',
      'bytes=',
      'bytes=-',
      'bytes=a-b',
      'bytes=1',
      'bytes=0-1,3-4',
      'bytes 0-1',
      'items=0-1',
      ' bytes=0-1',
      'bytes=0-1 ',
      'bytes=--1',
      'bytes=0-99999999999999999999',
    ].map((range) => [
      JSON.stringify({ key: 'own', range }),
      'field "range" must be one byte range: bytes=0-99, bytes=100- or bytes=-100',
    ]),
  ])('%s', async (body, why) => {
    expect(await refused(post(bench, body))).toEqual({
      status: 400,
      code: 'request-invalid',
      title: `Cannot read the request: ${why}`,
    });
    expect(lineOf(bench)).toMatchObject({ outcome: 'failed', code: 'request-invalid' });
  });
});

describe('a request that is refused', () => {
  test.each([
    ['/2023-03-30/functions/oss-envelope-decrypt/invocations', 404, 'route-unknown'],
    ['/downloads/short', 400, 'request-invalid'],
    ['/downloads/..%2F..%2Fplain%2Fabc', 400, 'request-invalid'],
    ['/d/own?colour=red', 400, 'request-invalid'],
    ['/d/own?expiresInSeconds=0x10', 400, 'request-invalid'],
    ['/d/own?id=1234567890123456', 400, 'request-invalid'],
    ['/envelopes/own?versions=no', 400, 'request-invalid'],
    ['/envelopes/a%2F..%2Fb', 422, 'key-unsupported'],
    ['/envelopes/own?versionId=CAEQ', 404, 'envelope-missing'],
    ['/d/line%0Afeed%00', 404, 'envelope-missing'],
    ['/downloads', 404, 'route-unknown'],
    ['/downloads/', 404, 'route-unknown'],
    ['/d/', 404, 'route-unknown'],
    ['/', 404, 'route-unknown'],
    ['/Downloads/1234567890123456', 404, 'route-unknown'],
    ['//downloads/1234567890123456', 404, 'route-unknown'],
  ])('GET %s', async (path, status, code) => {
    expect(await refused(get(bench, path))).toMatchObject({ status, code });
  });

  test.each([
    ['a/../b', 422, 'key-unsupported'],
    ['.', 422, 'key-unsupported'],
    ['/absolute', 422, 'key-unsupported'],
    ['年'.repeat(342), 422, 'key-unsupported'],
    ['\ud800', 422, 'key-unsupported'],
    ['nothing', 404, 'envelope-missing'],
    ['own\u0000', 404, 'envelope-missing'],
  ])('key %j', async (key, status, code) => {
    expect(await refused(post(bench, { key }))).toMatchObject({ status, code });
  });

  test.each([`bytes=${content.length}-`, 'bytes=-0', `bytes=${content.length + 5}-${content.length + 9}`])(
    'range %s has no byte',
    async (range) => {
      const before = bench.calls.length;
      expect(await refused(post(bench, { key: 'own', range }))).toMatchObject({
        status: 416,
        code: 'range-unsatisfiable',
      });
      expect(bench.calls.slice(before).map(({ service }) => service)).not.toContain('kms');
    },
  );

  test('unsigned it never reaches the function', async () => {
    const before = bench.reports.length;
    expect((await fetch(bench.decryptUrl, { method: 'POST', body: '{"key":"own"}' })).status).toBe(403);
    expect(bench.reports.length).toBe(before);
  });

  test('a delete marker hides the envelope; by the id of the marker there is none', async () => {
    await upload(bench, 'deleted', Buffer.from('x'));
    await bench.vault.deleteMulti(['deleted'], { quiet: true });
    const { deleteMarker } = await bench.vault.getBucketVersions({ prefix: 'deleted' });
    const versionId = deleteMarker[0]?.versionId ?? '';
    for (const body of [{ key: 'deleted' }, { key: 'deleted', versionId }])
      expect(await refused(post(bench, body))).toMatchObject({ status: 404, code: 'envelope-missing' });
  });
});

describe('what KMS or OSS refuses', () => {
  const kms = (code: 'Rejected.Disabled' | 'Rejected.PendingDeletion') => () => new KmsError(code);
  test.each([
    ['a key that is disabled', /^Decrypt$/, kms('Rejected.Disabled'), 'kms-refused'],
    ['a key about to be deleted', /^Decrypt$/, kms('Rejected.PendingDeletion'), 'kms-refused'],
    [
      'a revoked permission for the vault',
      /^(Get|Head)Object$/,
      () => new OssError('AccessDenied'),
      'oss-refused',
    ],
    [
      'a revoked permission for the downloads',
      /^UploadPart$/,
      () => new OssError('AccessDenied'),
      'oss-refused',
    ],
  ])('%s', async (name, operation, error, code) => {
    bench.fail.before = (call) => {
      if (operation.test(call.operation)) throw error();
    };
    const id = name.replaceAll(' ', '-');
    expect(await refused(post(bench, { key: 'own', id }))).toMatchObject({ status: 502, code });
    expect(lineOf(bench)).toMatchObject({ outcome: 'failed', code, key: 'own' });
    bench.fail.before = undefined;
    expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({ state: 'failed', code });
    expect(await plaintextsOf(bench)).toEqual([]);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });
});

test('a payload of InvokeFunction that is refused is an error with the code', async () => {
  const { errorType, data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"own","colour":"red"}');
  expect(errorType).toBe('HandledInvocationError');
  expect(data).toMatchObject({ errorType: 'request-invalid' });
});
