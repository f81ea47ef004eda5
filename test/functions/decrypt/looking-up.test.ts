import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acs3Headers } from '../../../infra/run/acs3';
import { VAULT } from '../../../infra/run/deployment';
import { type Bench, bytesAt, deployBench, invoke, PART, unfinishedIn, upload } from '../../deployment';
import { get, lineOf, pathOf, post } from './asking';

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

describe('GET /downloads/{id}', () => {
  test('ready, with a fresh URL and no call of KMS, under the id of the answer and one of the caller', async () => {
    const own = 'chosen-by-the-caller';
    const { json } = await opened({ key: 'large', id: own, fileName: 'x.pdf' });
    expect(json.id).toBe(own);
    const other = await opened({ key: 'large', fileName: 'x.pdf' });
    for (const id of [own, other.json.id]) {
      const before = bench.calls.length;
      const { status, json: state } = await get(bench, `/downloads/${id}`);
      expect(status).toBe(200);
      expect(state).toMatchObject({ state: 'ready', id, bytes: content.length, name: 'x.pdf' });
      expect((await bytesAt(state.url ?? '')).equals(content)).toBe(true);
      expect(callsSince(before)).not.toContain('Decrypt');
    }
    expect(lineOf(bench)).toMatchObject({ outcome: 'signed-again', key: 'large' });
  });

  test('unknown', async () => {
    expect(await get(bench, '/downloads/nobody-has-asked-for-it')).toMatchObject({
      status: 404,
      json: { code: 'download-unknown' },
    });
  });

  test('failed, with the code', async () => {
    const id = 'it-is-going-to-fail';
    expect((await post(bench, { key: 'not there', id })).json.code).toBe('envelope-missing');
    expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({
      state: 'failed',
      code: 'envelope-missing',
    });
  });

  test('an id belongs to one request, whatever differs', async () => {
    const id = 'taken-by-another-one';
    await upload(bench, 'taken', Buffer.from('content'));
    const first = await opened({ key: 'taken', id, fileName: 'first.txt' });
    for (const change of [
      ...[{ key: 'large' }, { range: 'bytes=0-1' }, { versionId: first.json.versionId }],
      ...[{ fileName: 'other.txt' }, { fileName: undefined }],
      ...[{ expiresInSeconds: 9 }, { disposition: 'attachment' }, { disposition: 'inline' }],
    ]) {
      const { status, json } = await post(bench, { key: 'taken', id, fileName: 'first.txt', ...change });
      expect({ change, status, code: json.code }).toEqual({ change, status: 409, code: 'id-taken' });
      expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({
        state: 'ready',
        name: 'first.txt',
      });
    }
    expect((await opened({ key: 'taken', id, fileName: 'first.txt' })).status).toBe(201);
  });

  test('the same request of an id is about the same version, until that has failed', async () => {
    const id = 'asked-for-once-and-again';
    await upload(bench, 'replaced', Buffer.from('older'));
    const first = await opened({ key: 'replaced', id });
    await upload(bench, 'replaced', Buffer.from('newer'));
    const { versionId = '', url = '' } = (await opened({ key: 'replaced', id })).json;
    expect([versionId, String(await bytesAt(url))]).toEqual([first.json.versionId, 'older']);
    await bench.vault.delete('replaced', { versionId });
    expect((await post(bench, { key: 'replaced', id })).json.code).toBe('envelope-missing');
    expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({ state: 'ready', versionId });
    expect(String(await bytesAt((await opened({ key: 'replaced', id })).json.url ?? ''))).toBe('newer');
  });

  test('what is asked for asynchronously is pending, with the bytes done, then ready', async () => {
    const id = 'asked-for-without-waiting';
    const states: Record<string, unknown>[] = [];
    bench.fail.before = async ({ operation }) => {
      if (operation !== 'CompleteMultipartUpload' || states.length > 0) return;
      states.push({});
      states.push((await get(bench, `/downloads/${id}`)).json);
    };
    const { status } = await send(bench, { key: 'large', id, range: 'bytes=1-' }, ASYNC);
    expect(status).toBe(202);
    await bench.cloud.idle();
    bench.fail.before = undefined;
    expect(lineOf(bench)).toMatchObject({ outcome: 'opened', sourceIp: '127.0.0.1' });
    const size = content.length - 1;
    expect(states[1]).toMatchObject({ state: 'pending', bytes: size, bytesDone: size });
    const { json } = await get(bench, `/downloads/${id}`);
    expect(json.state).toBe('ready');
    expect((await bytesAt(json.url ?? '')).equals(content.subarray(1))).toBe(true);
  });
});

const ASYNC = { 'x-fc-invocation-type': 'Async' };
describe('GET /d/{key}', () => {
  test('goes to the signed URL', async () => {
    const key = 'a b/报告+100%?&#.txt';
    await upload(bench, key, Buffer.from('content'));
    const { status, headers } = await get(bench, pathOf('d', key, { fileName: 'x.txt', range: 'bytes=3-' }));
    const url = headers.get('location') ?? '';
    expect({ status, cache: headers.get('cache-control') }).toEqual({ status: 302, cache: 'no-store' });
    const response = await fetch(url);
    expect(await response.text()).toBe('tent');
    expect(response.headers.get('content-disposition')).toContain('filename="x.txt"');
  });

  test('however long the name is', async () => {
    const key = `${'年'.repeat(339)}.pdf`;
    await upload(bench, key, Buffer.from('content'));
    const { status, headers } = await get(bench, pathOf('d', key));
    expect(status).toBe(302);
    expect(await (await fetch(headers.get('location') ?? '')).text()).toBe('content');
  });

  test('whoever takes its Authorization along is refused by OSS; the URL alone opens it', async () => {
    const { headers } = await get(bench, pathOf('d', 'large', { range: 'bytes=0-1' }));
    const url = headers.get('location') ?? '';
    for (const authorization of [
      'Bearer a.b.c',
      'ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c',
    ]) {
      const refused = await fetch(url, { headers: { authorization } });
      expect([refused.status, refused.headers.get('x-oss-ec')]).toEqual([400, '0002-00000039']);
    }
    expect((await bytesAt(url)).equals(content.subarray(0, 2))).toBe(true);
  });

  test('or is a problem', async () => {
    expect(await get(bench, pathOf('d', 'not/there'))).toMatchObject({
      status: 404,
      json: { code: 'envelope-missing' },
    });
  });
});

describe('GET /envelopes/{key}', () => {
  test('tells what the header says, without a call of KMS', async () => {
    const before = bench.calls.length;
    const { status, json } = await get(bench, pathOf('envelopes', 'large'));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      key: 'large',
      bytes: content.length,
      headerBytes: 4096,
      facts: { vault: { bucket: VAULT, key: 'large' } },
      wrappedKeys: [{ keyArn: bench.env.ENVELOPE_KMS_KEY_ARNS }],
    });
    expect(JSON.stringify(json)).not.toContain('ciphertextBlob');
    expect(callsSince(before)).toEqual(['HttpTrigger', `GetObject ${VAULT}`]);
  });

  test('?versions lists them, the newest first', async () => {
    await upload(bench, 'listed', Buffer.from('1'));
    await upload(bench, 'listed', Buffer.from('2'));
    await upload(bench, 'listed too', Buffer.from('3'));
    const { json } = await get(bench, `${pathOf('envelopes', 'listed')}?versions`);
    const versions = json.versions as unknown as { versionId: string; isCurrent: boolean }[];
    expect(versions.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
    const older = await get(
      bench,
      pathOf('envelopes', 'listed', { versionId: versions[1]?.versionId ?? '' }),
    );
    expect(older.json).toMatchObject({ versionId: versions[1]?.versionId, bytes: 1 });
  });

  test.each(['', '?versions', '?versionId=CAEQ'])('of nothing%s: 404', async (query) => {
    const { status, json } = await get(bench, `/envelopes/nothing${query}`);
    expect({ status, code: json.code }).toEqual({ status: 404, code: 'envelope-missing' });
  });
});

describe('InvokeFunction', () => {
  test('takes the bare payload and returns the download', async () => {
    await upload(bench, 'bare.txt', Buffer.from('bare'));
    const { data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"bare.txt"}');
    const { url, name } = JSON.parse(String(data));
    expect(name).toBe('bare.txt');
    expect((await bytesAt(url)).toString()).toBe('bare');
  });

  test('takes a request in the shape of HTTP and returns an HTTP response', async () => {
    const request = { rawPath: '/envelopes/large', requestContext: { http: { method: 'GET' } } };
    const { data } = await invoke(bench, 'oss-envelope-decrypt', JSON.stringify(request));
    const { statusCode, body } = JSON.parse(String(data));
    expect({ statusCode, key: JSON.parse(body).key }).toEqual({ statusCode: 200, key: 'large' });
  });

  test('reports a failure as an error of the function, with its code, the sentence and no more', async () => {
    const { errorType, data } = await invoke(bench, 'oss-envelope-decrypt', '{"key":"nothing"}');
    expect(errorType).toBe('HandledInvocationError');
    expect(data).toMatchObject({
      errorMessage: 'Cannot open the envelope: there is none under this key',
      errorType: 'envelope-missing',
    });
  });
});

const KILL = {
  match: { service: 'oss', operation: 'CompleteMultipartUpload' },
  do: { killFunction: 'oss-envelope-decrypt' },
} as const;

test('a run that was killed has failed when its time is over, and leaves nothing the sweep does not find', async () => {
  const id = 'killed-in-the-middle';
  await upload(bench, 'killed', content);
  bench.cloud.faults.add(KILL);
  expect((await send(bench, { key: 'killed', id })).status).toBe(502);
  expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({
    state: 'pending',
    bytes: content.length,
  });
  await bench.cloud.clock.advance(3600_000);
  expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({ state: 'failed', code: 'time-limit' });
  await bench.cloud.clock.advance(26 * 3600_000);
  await invoke(bench, 'oss-envelope-sweep', '{}');
  expect(await unfinishedIn(bench.downloads)).toEqual([]);
  expect((await get(bench, `/downloads/${id}`)).status).toBe(404);
});

/** A request whose answer is the platform's. */
function send({ decryptUrl, owner }: Bench, body: object, headers: Record<string, string> = {}) {
  const signed = acs3Headers('POST', decryptUrl, owner.credentials);
  return fetch(decryptUrl, {
    method: 'POST',
    headers: { ...signed, ...headers },
    body: JSON.stringify(body),
  });
}
