import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { acs3Headers } from '../../../infra/run/acs3';
import { VAULT } from '../../../infra/run/deployment';
import { type Bench, bytesAt, deployBench, invoke, PART, unfinishedIn, upload } from '../../deployment';
import { plaintextsOf, post } from './asking';

let bench: Bench;
const contents = { 'one part.pdf': randomBytes(1000), 'three parts.pdf': randomBytes(2 * PART + 1) };

beforeAll(async () => {
  bench = await deployBench({ env: { ENVELOPE_LOG_KEYS: 'hash' } });
  for (const [name, content] of Object.entries(contents)) await upload(bench, name, content);
});
afterEach(async () => {
  bench.fail.before = undefined;
  await clear();
});
afterAll(() => bench.close());

type Target = {
  match: { service: 'oss' | 'kms'; operation: string; bucket?: string; principal: string };
  nth: number;
};

let asked = 0;
const newId = () => `asked-for-in-the-matrix-${asked++}`;

/** The calls of an opening as the journal has them: a new one is covered the day it is added. */
async function callsOf(name: string): Promise<Target[]> {
  const since = bench.cloud.journal.entries().at(-1)?.n ?? 0;
  await post(bench, { key: name, id: newId() });
  await clear();
  const seen = new Map<string, number>();
  return bench.cloud.journal.entries(since).flatMap(({ service, operation, bucket, principal }) => {
    if (!principal.includes(ROLE) || (service !== 'oss' && service !== 'kms')) return [];
    const match = { service, operation, ...(bucket !== undefined && { bucket }) };
    const nth = (seen.get(JSON.stringify(match)) ?? 0) + 1;
    seen.set(JSON.stringify(match), nth);
    return [{ match: { ...match, principal: `*${ROLE}*` }, nth }];
  });
}

const ROLE = 'oss-envelope-decrypt';

async function clear(): Promise<void> {
  await bench.cloud.faults.clear();
  const plaintexts = await plaintextsOf(bench);
  if (plaintexts.length > 0) await bench.downloads.deleteMulti(plaintexts, { quiet: true });
}

/** Asks once, then again without the fault. Returns the status of the first answer. */
async function openedInTheEnd(name: keyof typeof contents): Promise<number> {
  const headers = acs3Headers('POST', bench.decryptUrl, bench.owner.credentials);
  const body = JSON.stringify({ key: name, id: newId() });
  const first = await fetch(bench.decryptUrl, { method: 'POST', headers, body });
  const text = await first.text();
  await bench.cloud.faults.clear();
  const { url } = first.status === 201 ? JSON.parse(text) : (await post(bench, { key: name })).json;
  expect((await bytesAt(url)).equals(contents[name])).toBe(true);
  await clear();
  return first.status;
}

const deeds = [
  { what: 'fails before', when: 'before', do: { error: { code: 'InternalError', status: 500 } } },
  { what: 'loses its answer', when: 'after', do: { dropAnswer: true } },
] as const;

/** One of three parts: two calls of each kind are enough. Of one part: the call that stores it. */
async function targets(): Promise<[keyof typeof contents, Target][]> {
  const three = (await callsOf('three parts.pdf')).filter(({ nth }) => nth <= 2);
  const one = (await callsOf('one part.pdf')).slice(-1);
  const of = (name: keyof typeof contents) => (call: Target) => [name, call] as [typeof name, Target];
  return [...three.map(of('three parts.pdf')), ...one.map(of('one part.pdf'))];
}

test.each(deeds)('each call that $what is made again', async ({ when, do: deed }) => {
  for (const [name, target] of await targets()) {
    bench.cloud.faults.add({ ...target, when, do: deed });
    expect({ ...target, status: await openedInTheEnd(name) }).toEqual({ ...target, status: 201 });
  }
});

test.each([
  ['GetObject', { cutBodyAt: 10 }],
  ['Decrypt', { cutBodyAt: 10 }],
  ['Decrypt', { throttle: true }],
  ['UploadPart', { throttle: true }],
] as const)('%s is made again when %j', async (operation, deed) => {
  bench.cloud.faults.add({ match: { operation, principal: `*${ROLE}*` }, do: deed });
  expect(await openedInTheEnd('three parts.pdf')).toBe(201);
});

test('killed at any call: asked again it opens', async () => {
  for (const [name, target] of await targets()) {
    bench.cloud.faults.add({ ...target, do: { killFunction: ROLE } });
    expect({ ...target, status: await openedInTheEnd(name) }).toEqual({ ...target, status: 502 });
  }
});

test('what crashes leave the sweep takes away', async () => {
  await bench.cloud.clock.advance(26 * 3600_000);
  await invoke(bench, 'oss-envelope-sweep', '{}');
  expect(await unfinishedIn(bench.downloads)).toEqual([]);
  const { objects = [] } = await bench.downloads.listV2({ 'max-keys': '1000' });
  expect(objects).toEqual([]);
});

describe('a call that is refused for good is a clean failure, and leaves nothing behind', () => {
  test.each([
    [['GetObject', 'HeadObject']],
    [['HeadObject']],
    [['UploadPart']],
    [['InitiateMultipartUpload']],
    [['CompleteMultipartUpload']],
    [['PutObject']],
  ])('%j', async (operations) => {
    for (const operation of operations)
      bench.cloud.faults.add({ match: { operation }, times: 1000, do: { error: { code: 'AccessDenied' } } });
    const { status, json } = await post(bench, { key: 'three parts.pdf' });
    expect({ status, code: json.code }).toEqual({ status: 502, code: 'oss-refused' });
    expect(await plaintextsOf(bench)).toEqual([]);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });
});

describe('while it is being opened', () => {
  /** Does something when the second part of an envelope is asked for. */
  function meanwhile(deed: () => Promise<unknown>): void {
    let reads = 0;
    bench.fail.before = async ({ operation, bucket }) => {
      if (operation === 'GetObject' && bucket === VAULT && ++reads === 3) await deed();
    };
  }

  test('the envelope is overwritten: the version that was begun comes whole', async () => {
    const [older, newer] = [randomBytes(2 * PART + 1), randomBytes(2 * PART + 1)];
    await upload(bench, 'overwritten', older);
    const envelope = Buffer.concat(await (await bench.vault.getStream('overwritten', {})).stream.toArray());
    await upload(bench, 'overwritten', newer);
    meanwhile(() => bench.vault.put('overwritten', envelope, {}));
    const { json } = await post(bench, { key: 'overwritten' });
    expect((await bytesAt(json.url ?? '')).equals(newer)).toBe(true);
    bench.fail.before = undefined;
    expect((await bytesAt((await post(bench, { key: 'overwritten' })).json.url ?? '')).equals(older)).toBe(
      true,
    );
  });

  test('its key is deleted: the version that was begun comes whole', async () => {
    await upload(bench, 'deleted', contents['three parts.pdf']);
    meanwhile(() => bench.vault.deleteMulti(['deleted'], { quiet: true }));
    const { json } = await post(bench, { key: 'deleted' });
    expect((await bytesAt(json.url ?? '')).equals(contents['three parts.pdf'])).toBe(true);
    expect((await post(bench, { key: 'deleted' })).json.code).toBe('envelope-missing');
  });

  test('the very version is deleted: an error, and nothing is left', async () => {
    await upload(bench, 'erased', contents['three parts.pdf']);
    const { objects } = await bench.vault.getBucketVersions({ prefix: 'erased' });
    meanwhile(() => bench.vault.delete('erased', { versionId: objects[0]?.versionId ?? '' }));
    const { status, json } = await post(bench, { key: 'erased' });
    expect({ status, code: json.code }).toEqual({ status: 409, code: 'source-changed' });
    expect(await plaintextsOf(bench)).toEqual([]);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
  });
});
