import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, bytesAt, deployBench, PART, redeploy, unfinishedIn, upload } from '../../deployment';
import { startWire } from '../../wire';
import { get, plaintextsOf, post } from './asking';

let bench: Bench;
let wire: Awaited<ReturnType<typeof startWire>>;
/** Of each the answers to these requests tell another checksum. */
const wrong = {
  'one, in the answer to PUT': { content: randomBytes(1000), request: /^PUT / },
  'three, in the answer to the second part': { content: randomBytes(2 * PART + 1), request: /partNumber=2/ },
  'three, in the answer to the end, and of the object': {
    content: randomBytes(2 * PART + 1),
    request: /^(POST|HEAD) /,
  },
};
type Key = keyof typeof wrong;
/** The names of their plaintexts, while they are wronged. */
const wronged = new Map<string, Key>();

beforeAll(async () => {
  bench = await deployBench();
  wire = await startWire(bench.cloud.oss.port);
  wire.tamper.answer = (headers, incoming) =>
    isWronged(incoming) && headers['x-oss-hash-crc64ecma']
      ? { ...headers, 'x-oss-hash-crc64ecma': '1' }
      : headers;
  const endpoint = `http://oss-${bench.cloud.region}-internal.localhost:${wire.port}`;
  await redeploy(bench, { env: { ENVELOPE_OSS_ENDPOINT: endpoint } });
  await Promise.all(Object.keys(wrong).map((key) => prepare(key as Key)));
});
afterAll(async () => {
  await bench.close();
  wire.close();
});

/** Finds out under which name its plaintext is going to lie. */
async function prepare(key: Key): Promise<void> {
  await upload(bench, key, wrong[key].content);
  const { url = '' } = (await post(bench, { key })).json;
  const name = new URL(url).pathname.slice(1);
  await bench.downloads.deleteMulti([name], { quiet: true });
  wronged.set(name, key);
}

function isWronged({ method, url = '' }: IncomingMessage): boolean {
  const key = wronged.get(url.split('?')[0]?.slice(1) ?? '');
  return key !== undefined && wrong[key].request.test(`${method} ${url}`);
}

async function leftOf(name: string) {
  const [plaintexts, unfinished] = [await plaintextsOf(bench), await unfinishedIn(bench.downloads)];
  return [...plaintexts, ...unfinished].filter((one) => one === name);
}

describe.concurrent('what OSS says it stored is not what was sent: no URL, nothing stays, and the next request opens', () => {
  test.each(Object.keys(wrong) as Key[])('%s', async (key) => {
    const id = `another-checksum-${Object.keys(wrong).indexOf(key)}`;
    const [name = ''] = [...wronged].find(([, one]) => one === key) ?? [];
    const { status, json } = await post(bench, { key, id });
    expect({ status, code: json.code, url: json.url }).toEqual({ status: 502, code: 'stored-differs' });
    const { state, code } = (await get(bench, `/downloads/${id}`)).json;
    expect({ state, code }).toEqual({ state: 'failed', code: 'stored-differs' });
    expect(await leftOf(name)).toEqual([]);
    wronged.delete(name);
    const { url = '' } = (await post(bench, { key, id })).json;
    expect((await bytesAt(url)).equals(wrong[key].content)).toBe(true);
  });
});

test.concurrent('a run whose time is over stops by itself: 503, the state says so, nothing is left', async () => {
  // The second second of a run is its last.
  const edit = (sYaml: string) => sYaml.replace(/(code: .\S*decrypt[\s\S]*?timeout: )3600/, '$12');
  const own = await deployBench({ edit });
  await upload(own, 'three', randomBytes(2 * PART + 1));
  own.cloud.faults.add({ match: { operation: 'UploadPart' }, nth: 2, do: { delayMs: 2_000 } });
  const id = 'more-than-two-seconds';
  const { status, json } = await post(own, { key: 'three', id });
  expect({ status, code: json.code }).toEqual({ status: 503, code: 'time-limit' });
  expect((await get(own, `/downloads/${id}`)).json).toMatchObject({ state: 'failed', code: 'time-limit' });
  expect([...(await plaintextsOf(own)), ...(await unfinishedIn(own.downloads))]).toEqual([]);
  await own.close();
});
