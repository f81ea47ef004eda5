import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, bytesAt, deployBench, PART, redeploy, unfinishedIn, upload } from '../../deployment';
import { openWire } from '../../wire';
import { get, plaintextsOf, post } from './asking';

let bench: Bench;
let wire: Awaited<ReturnType<typeof openWire>>;
const contents = { one: randomBytes(1000), three: randomBytes(2 * PART + 1) };
beforeAll(async () => {
  bench = await deployBench();
  for (const [key, content] of Object.entries(contents)) await upload(bench, key, content);
  wire = await openWire(bench.cloud.oss.port);
  const endpoint = `http://oss-${bench.cloud.region}-internal.localhost:${wire.port}`;
  // The third second of a run is its last.
  const edit = (sYaml: string) => sYaml.replace(/(code: .\S*decrypt[\s\S]*?timeout: )3600/, '$12');
  await redeploy(bench, { env: { OSS_ENDPOINT: endpoint }, edit });
});
afterAll(async () => {
  await bench.close();
  wire.close();
});

async function expectNothing(): Promise<void> {
  expect(await plaintextsOf(bench)).toEqual([]);
  expect(await unfinishedIn(bench.downloads)).toEqual([]);
}

describe('what OSS says it stored is not what was sent: no URL, nothing stays, and the next request opens', () => {
  test.each([
    ['one', /^PUT .*\/plain\//],
    ['three', /^PUT .*partNumber=2/],
    ['three', /^(POST|HEAD) .*\/plain\//],
  ] as const)('%s, in the answer to %s', async (key, request) => {
    wire.tamper.answer = (headers, incoming) => {
      const checked = request.test(`${incoming.method} ${incoming.url}`) && headers['x-oss-hash-crc64ecma'];
      return checked ? { ...headers, 'x-oss-hash-crc64ecma': '1' } : headers;
    };
    const id = `another-checksum-${key}-${bench.reports.length}`;
    const { status, json } = await post(bench, { key, id });
    wire.tamper.answer = undefined;
    expect({ status, code: json.code, url: json.url }).toEqual({ status: 502, code: 'stored-differs' });
    expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({
      state: 'failed',
      code: 'stored-differs',
    });
    await expectNothing();
    const { url: opened } = (await post(bench, { key, id })).json;
    expect((await bytesAt(opened ?? '')).equals(contents[key])).toBe(true);
    await bench.downloads.deleteMulti(await plaintextsOf(bench), { quiet: true });
  });
});

test('a run whose time is over stops by itself: 503, the state says so, nothing is left', async () => {
  bench.cloud.faults.add({ match: { operation: 'UploadPart' }, nth: 2, do: { delayMs: 2_000 } });
  const id = 'more-than-two-seconds';
  const { status, json } = await post(bench, { key: 'three', id });
  expect({ status, code: json.code }).toEqual({ status: 503, code: 'time-limit' });
  expect((await get(bench, `/downloads/${id}`)).json).toMatchObject({ state: 'failed', code: 'time-limit' });
  await expectNothing();
});
