import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keysAt } from '../../../functions/cloud/keys';
import { components } from '../../../functions/decrypt/openapi.json';
import {
  encryptionContext,
  factsBytes,
  type Metadata,
  newEnvelope,
  sealChunks,
} from '../../../functions/envelope/envelope';
import { KmsError } from '../../../infra/local/kms/wire/errors';
import { OssError } from '../../../infra/local/oss/wire/errors';
import { acs3Headers } from '../../../infra/run/acs3';
import { DOWNLOADS, VAULT } from '../../../infra/run/deployment';
import { localOptions, ossEnvelope } from '../../cli/command';
import { type Bench, deployBench, invoke, PART, unfinishedIn, upload } from '../../deployment';
import { callOnce } from '../../services';
import { collect, cut } from '../envelope/pieces';
import { factsOf } from '../envelope/specimen';
import { get, lineOf, pathOf, plaintextsOf, post } from './asking';

const { maximum } = components.schemas.ExpiresInSeconds;

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
    ['{"key":"own","constructor":"x"}', 'field "constructor" is unknown'],
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
    ...['0', '-1', `${maximum + 1}`, '1e99', '1.5', '"300"', 'null'].map((seconds) => [
      `{"key":"own","expiresInSeconds":${seconds}}`,
      `field "expiresInSeconds" must be a whole number from 1 to ${maximum}`,
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

describe('what is not UTF-8', () => {
  const title = 'Cannot read the request: it is not UTF-8 (U+FFFD is written \\ufffd)';

  test.each(['application/json', 'application/octet-stream'])('a body, as %s', async (type) => {
    const { status, text } = await signedPost(Buffer.from('{"key":"ow\xf6"}', 'latin1'), type);
    expect([status, JSON.parse(text)]).toMatchObject([400, { code: 'request-invalid', title }]);
    expect(lineOf(bench)).toMatchObject({ outcome: 'failed', code: 'request-invalid' });
  });

  test('a payload of InvokeFunction', async () => {
    const payload = Buffer.from('{"key":"ow\xf6"}', 'latin1') as unknown as string;
    const { data } = await invoke(bench, 'oss-envelope-decrypt', payload);
    expect(data).toMatchObject({ errorType: 'request-invalid', errorMessage: title });
  });

  test('a path and a query', async () => {
    expect((await get(bench, '/d/own?fileName=%ff')).json).toMatchObject({ code: 'request-invalid' });
    const { data } = await invoke(bench, 'oss-envelope-decrypt', '{"rawPath":"/d/ow%ff"}');
    expect(JSON.parse(String(data)).statusCode).toBe(400);
  });

  test('the character that stands for it is a character of keys all the same', async () => {
    await upload(bench, 'mojibake-\ufffd', Buffer.from('x'));
    const body = '{"key":"mojibake-\\ufffd"}';
    for (const type of ['application/json', 'application/octet-stream'])
      expect((await signedPost(Buffer.from(body), type)).status).toBe(201);
    expect((await get(bench, pathOf('envelopes', 'mojibake-\ufffd'))).status).toBe(200);
    await bench.downloads.deleteMulti(await plaintextsOf(bench), { quiet: true });
  });

  async function signedPost(body: Buffer, type: string) {
    const headers = acs3Headers('POST', bench.decryptUrl, bench.owner.credentials);
    const request = { method: 'POST', headers: { ...headers, 'content-type': type }, body };
    const answer = await fetch(bench.decryptUrl, request);
    return { status: answer.status, text: await answer.text() };
  }
});

const bad: Record<string, Partial<Metadata>> = {
  'a name with a space': { userMetadata: [['a b', 'v']] },
  'a name with a slash': { userMetadata: [['a/b', 'v']] },
  'a control character': { userMetadata: [['a', 'v\n']] },
  'a line feed in a type': { headers: [['content-type', 'text/plain\r\nx-oss-meta-a: b']] },
  'a tag of other characters': { tags: [['a', '<v>']] },
  'eleven tags': { tags: Array.from({ length: 11 }, (_, n) => [`t${n}`, 'v']) },
  'a tag that is too long': { tags: [['k'.repeat(129), 'v']] },
  'over 8 KB': { userMetadata: [['a', 'v'.repeat(8192)]] },
};

describe('an authentic envelope with metadata that OSS does not take', () => {
  /** As an earlier writer sealed it. */
  async function seal(key: string, metadata: Partial<Metadata>): Promise<void> {
    const { region, accountId, kms } = bench.cloud;
    const keys = keysAt({
      region,
      accountId,
      identity: async () => bench.owner,
      endpoint: kms.endpoint,
      retry: callOnce,
    });
    const facts = { ...factsOf(5, key), vault: { bucket: VAULT, key } };
    const keyArn = bench.stack.outputs.KeyArns?.split(',')[0] ?? '';
    const { dataKey, wrappedKey } = await keys.generate(keyArn, encryptionContext(factsBytes(facts)));
    const none = { headers: [], userMetadata: [], tags: [] };
    const { head, message } = newEnvelope(facts, { ...none, ...metadata }, dataKey, [wrappedKey]);
    const sealed = await collect(sealChunks(message, { from: 0, to: 1 }, cut(Buffer.from('hello'))));
    await bench.vault.put(key, Buffer.concat([head, sealed]), {});
  }

  test.each(Object.entries(bad))('%s: refused once, by a code of its own', async (name, metadata) => {
    const id = name.replaceAll(' ', '-').padEnd(16, '-');
    await seal(name, metadata);
    const before = bench.calls.length;
    const { status, code, title } = await refused(post(bench, { key: name, id }));
    expect({ status, code }).toEqual({ status: 422, code: 'metadata-unsupported' });
    expect(title).toMatch(/^Cannot carry ".+": /);
    const objects = bench.calls.slice(before).filter(({ bucket }) => bucket === DOWNLOADS);
    expect(objects.filter(({ key }) => key?.startsWith('plain/'))).toEqual([]);
    expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({ state: 'failed', code });
  });

  test('the command line opens it', async () => {
    const urls = Object.keys(bad).map((name) => `oss://${VAULT}/${name}`);
    const { code, stderr } = await ossEnvelope([...(await localOptions(bench)), 'verify', ...urls]);
    expect([code, stderr]).toEqual([0, '']);
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
