import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Swept } from '../../../functions/sweep';
import { DOWNLOADS, INBOX } from '../../../infra/run/deployment';
import {
  ask,
  type Bench,
  deployBench,
  eventOf,
  hold,
  invoke,
  lettersOf,
  linesOf,
  opened,
  outcomesOf,
  PART,
  put,
  redeploy,
  unfinishedIn,
  upload,
  versionsOf,
} from '../../deployment';

const SWEEP = 'oss-envelope-sweep';
const [MINUTE, HOUR] = [60_000, 3_600_000];

let bench: Bench;
/** It takes its time, during the other tests. */
let interrupted: ReturnType<typeof sweepInterrupted> | undefined;
/** The tests sweep when they want to, and no more than 5 uploads at once. */
const quiet = (sYaml: string) =>
  sYaml
    .replace('enable: true', 'enable: false')
    .replace(/( +)ENVELOPE_WITHDRAWN_SECONDS/, "$1ENVELOPE_REDRIVE_LIMIT: '5'\n$1ENVELOPE_WITHDRAWN_SECONDS");

beforeAll(async () => {
  bench = await deployBench({ edit: quiet, env: { ENVELOPE_WITHDRAWN_SECONDS: '7200' } });
  interrupted = sweepInterrupted();
});
afterEach(async () => {
  await bench.cloud.faults.clear();
  const left = await bench.inbox.getBucketVersions({ maxKeys: 1000, encodingType: 'url' });
  for (const { name, versionId } of [...left.objects, ...left.deleteMarker].slice(0, 50))
    await bench.inbox.delete(decodeURIComponent(name), { versionId });
});
afterAll(async () => {
  await interrupted;
  await bench.close();
});

const wait = (ms: number) => bench.cloud.clock.advance(ms);

/** The event of a timer that fires so many milliseconds from now. */
const later = (ms: number) => ({ triggerTime: new Date(bench.cloud.clock.now() + ms).toISOString() });

/** One sweep, and what it hands on. */
async function sweep(order: object = {}, on = bench): Promise<Swept> {
  const { data } = await invoke(on, SWEEP, JSON.stringify(order));
  await on.cloud.idle();
  return JSON.parse(String(data));
}

async function withdraw(key: string): Promise<void> {
  await bench.inbox.deleteMulti([key], { quiet: true });
}

describe('an upload whose event was lost', () => {
  test.each([
    ['lost', 10],
    ['报告/a+b 100%\u0001', 2 * PART],
  ])('is sealed once the grace time is over, not before: %j', async (key, size) => {
    const content = randomBytes(size);
    const { versionId } = await put(bench, key, content);
    expect(await sweep()).toMatchObject({ listed: 1, unsealed: 1, redriven: 0 });
    const counts = { listed: 1, unsealed: 1, redriven: 1, isComplete: true };
    expect(await sweep(later(15 * MINUTE + 1000))).toMatchObject(counts);
    expect(linesOf(bench, key)).toMatchObject([{ outcome: 'sealed', versionId }]);
    expect((await opened(bench, key)).equals(content)).toBe(true);
    expect(await sweep()).toMatchObject({ listed: 0, unsealed: 0, oldestUnsealedSeconds: 0 });
  });

  test('is sealed though it has the id null', async () => {
    await bench.inbox.putBucketVersioning(INBOX, 'Suspended');
    await put(bench, 'null', Buffer.from('early'));
    await bench.inbox.putBucketVersioning(INBOX, 'Enabled');
    await sweep(later(HOUR));
    expect((await opened(bench, 'null')).toString()).toBe('early');
  });

  test('is sealed over older ones, which go with it', async () => {
    for (const content of ['one', 'two', 'three']) await put(bench, 'older', Buffer.from(content));
    expect(await sweep(later(HOUR))).toMatchObject({ unsealed: 1, superseded: 2, redriven: 1 });
    expect((await opened(bench, 'older')).toString()).toBe('three');
    expect(await versionsOf(bench.inbox)).toEqual([]);
  });

  test('is sealed with its own event, which comes at the same time, once', async () => {
    const late = await put(bench, 'late', Buffer.from('late'));
    await Promise.all([sweep(later(HOUR)), invoke(bench, 'oss-envelope-encrypt', eventOf(late))]);
    expect((await opened(bench, 'late')).toString()).toBe('late');
    expect(await versionsOf(bench.inbox)).toEqual([]);
  });
});

describe('an upload that cannot be sealed', () => {
  test('is tried again each time its age has doubled, and whenever an operator wants all', async () => {
    await put(bench, 'archived', Buffer.from('x'), { 'x-oss-storage-class': 'Archive' });
    const tries: number[] = [];
    for (let quarter = 1; quarter <= 9; quarter++) {
      const { redriven } = await sweep(later(quarter * 15 * MINUTE));
      if (redriven === 1) tries.push(quarter);
    }
    expect(tries).toEqual([1, 2, 4, 8]);
    expect(lettersOf(bench, 'archived')).toHaveLength(4);
    const all = { all: true, ...later(3 * 15 * MINUTE) };
    expect(await sweep(all)).toMatchObject({ unsealed: 1, redriven: 1 });
    expect(lettersOf(bench, 'archived')).toHaveLength(5);
  });
});

describe('what its owner has hidden', () => {
  test('stays for a time, is counted, and then goes, told with its version; an order cannot hurry it', async () => {
    const { versionId, eTag } = await put(bench, 'withdrawn', Buffer.from('x'));
    await withdraw('withdrawn');
    const waits = { listed: 2, unsealed: 0, withdrawn: 1, withdrawnRemoved: 0, redriven: 0 };
    expect(await sweep(later(2 * HOUR))).toMatchObject(waits);
    expect((await versionsOf(bench.inbox)).map((version) => version.versionId)).toContain(versionId);
    expect(outcomesOf(bench, 'withdrawn')).toEqual([]);
    await wait(2 * HOUR);
    expect(await sweep()).toMatchObject({ withdrawn: 1, withdrawnRemoved: 1, markersRemoved: 1 });
    expect(await versionsOf(bench.inbox)).toEqual([]);
    const about = { versionId, eTag, bytes: 1, deletedAt: expect.stringMatching(/T.*\.000Z$/) };
    expect(linesOf(bench, 'withdrawn')).toMatchObject([{ outcome: 'withdrawn', ...about }]);
  });

  test('under a name that is used again and again goes as well, and what came since is sealed', async () => {
    await put(bench, '_temporary', Buffer.from('first'));
    await withdraw('_temporary');
    await wait(2 * HOUR);
    await put(bench, '_temporary', Buffer.from('second'));
    await withdraw('_temporary');
    const third = await put(bench, '_temporary', Buffer.from('third'));
    expect(await sweep()).toMatchObject({ unsealed: 1, withdrawnRemoved: 1, markersRemoved: 0 });
    const left = (await bench.inbox.getBucketVersions({ prefix: '_temporary' })).objects;
    expect(left.map(({ size }) => size)).toEqual([5, 6]);
    await invoke(bench, 'oss-envelope-encrypt', eventOf(third));
    expect((await opened(bench, '_temporary')).toString()).toBe('third');
  });

  test('and shows again while the sweep looks, stays', async () => {
    const { versionId } = await put(bench, 'shown', Buffer.from('shown again'));
    await withdraw('shown');
    await wait(2 * HOUR);
    const { reached, release } = hold(
      bench,
      ({ operation, query, principal }) =>
        operation === 'ListObjectVersions' && query.prefix === 'shown' && principal.includes(SWEEP),
    );
    const swept = sweep();
    await reached;
    const [marker] = (await bench.inbox.getBucketVersions({ prefix: 'shown' })).deleteMarker;
    await bench.inbox.delete('shown', { versionId: marker?.versionId ?? '' });
    release();
    expect(await swept).toMatchObject({ withdrawnRemoved: 0 });
    expect(await versionsOf(bench.inbox, 'shown')).toMatchObject([{ versionId, isLatest: true }]);
  });

  test('leaves a delete marker, which goes when nothing is below it any more', async () => {
    await withdraw('marker\u0001');
    expect(await sweep()).toMatchObject({ listed: 1, markersRemoved: 0 });
    expect(await sweep(later(16 * MINUTE))).toMatchObject({ listed: 1, markersRemoved: 1 });
    expect(await versionsOf(bench.inbox)).toEqual([]);
  });
});

describe('what runs and downloads leave behind', () => {
  test('unfinished uploads of the vault and the downloads are aborted after 25 hours; those of uploaders are not', async () => {
    for (const client of [bench.inbox, bench.vault, bench.downloads])
      await client.initMultipartUpload('stale\u0001', {});
    await wait(24 * HOUR);
    await bench.vault.initMultipartUpload('young', {});
    expect(await sweep()).toMatchObject({ abortedUploads: 0 });
    await wait(HOUR + MINUTE);
    expect(await sweep()).toMatchObject({ abortedUploads: 2 });
    expect(await unfinishedIn(bench.vault)).toEqual(['young']);
    expect(await unfinishedIn(bench.downloads)).toEqual([]);
    expect(await unfinishedIn(bench.inbox)).toHaveLength(1);
  });

  test('downloads are deleted after 65 minutes, and nothing of the vault', async () => {
    for (const key of ['downloaded', 'downloaded later']) await upload(bench, key, Buffer.from('x'));
    const before = await versionsOf(bench.downloads);
    for (const { name } of before) await bench.downloads.deleteMulti([name], { quiet: true });
    await ask(bench, { key: 'downloaded' });
    await wait(HOUR);
    await ask(bench, { key: 'downloaded later' });
    expect(await sweep()).toMatchObject({ expiredDownloads: 0 });
    const lying = (await versionsOf(bench.downloads)).length;
    await wait(6 * MINUTE);
    expect(await sweep()).toMatchObject({ expiredDownloads: lying / 2 });
    expect(await versionsOf(bench.downloads)).toHaveLength(lying / 2);
    expect((await opened(bench, 'downloaded')).toString()).toBe('x');
  });
});

async function putMany(count: number, to = bench): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, number) => `many/${number}`);
  await Promise.all(keys.map((key) => put(to, key, Buffer.from(key))));
  return keys;
}

test('two sweeps at once end as one', async () => {
  const keys = await putMany(5);
  await Promise.all([sweep(later(HOUR)), sweep(later(HOUR))]);
  for (const key of keys) expect((await opened(bench, key)).toString()).toBe(key);
  expect(await versionsOf(bench.inbox)).toEqual([]);
});

test('one sweep hands on no more than its limit; the next one goes on', async () => {
  await putMany(7);
  expect(await sweep(later(HOUR))).toMatchObject({ unsealed: 7, redriven: 5 });
  expect(await sweep(later(HOUR))).toMatchObject({ unsealed: 2, redriven: 2 });
  expect(await versionsOf(bench.inbox)).toEqual([]);
});

test('the line of a sweep has the counts that an alarm wants', async () => {
  for (const content of ['older', 'newer']) await put(bench, 'one', Buffer.from(content));
  await put(bench, 'two', Buffer.from('x'));
  await sweep(later(HOUR));
  expect(linesOf(bench).findLast(({ outcome }) => outcome === 'swept')).toEqual({
    ...{
      outcome: 'swept',
      requestId: expect.any(String),
      ms: expect.any(Number),
      isComplete: true,
      retries: 0,
    },
    ...{ listed: 3, unsealed: 2, redriven: 2, superseded: 1, withdrawn: 0, failed: 0 },
    ...{ withdrawnRemoved: 0, markersRemoved: 0 },
    ...{
      oldestUnsealedSeconds: expect.closeTo(3600, -2),
      abortedUploads: 0,
      expiredDownloads: expect.any(Number),
    },
  });
});

test('an order that is not understood fails, and nothing is swept', async () => {
  const { errorType, data } = await invoke(bench, SWEEP, '{"al":true}');
  expect(errorType).toBe('HandledInvocationError');
  expect(data).toMatchObject({ errorType: 'event-invalid', stackTrace: [] });
  expect(linesOf(bench).at(-1)).toMatchObject({ outcome: 'failed', code: 'event-invalid' });
});

test('with less time a sweep goes on in a run of its own, to the end, and adds up', async () => {
  const { first, swept, last, left } = await (interrupted ?? expect.fail());
  expect(first).toMatchObject({ redriven: 1, isComplete: false });
  expect(swept).toMatchObject([
    { redriven: 1, isComplete: false },
    { redriven: 2, isComplete: false },
    { redriven: 5, listed: 5, unsealed: 5, isComplete: true },
  ]);
  expect(last).toBe('many/4');
  expect(left).toEqual([]);
});

/** What comes of a sweep of five uploads, of which handing on the first two takes more than half of a run's time. */
async function sweepInterrupted() {
  const own = await deployBench({ edit: (sYaml) => quiet(sYaml).replace('timeout: 600', 'timeout: 4') });
  const keys = await putMany(5, own);
  const match = { service: 'fc', functionName: 'oss-envelope-encrypt' } as const;
  own.cloud.faults.add({ match, times: 2, do: { delayMs: 2100 } });
  const first = await sweep(later(HOUR), own);
  const swept = linesOf(own).filter(({ outcome }) => outcome === 'swept');
  const last = (await opened(own, keys[4] ?? '')).toString();
  const left = await versionsOf(own.inbox);
  await own.close();
  return { first, swept, last, left };
}

test('the timer sweeps', async () => {
  await redeploy(bench, {});
  await put(bench, 'timer', Buffer.from('found'));
  await wait(16 * MINUTE);
  await bench.cloud.idle();
  await wait(15 * MINUTE);
  await bench.cloud.idle();
  expect((await opened(bench, 'timer')).toString()).toBe('found');
});

test('keys that are not due cost list calls, one for a thousand, and no reads', async () => {
  const keys = Array.from({ length: 1001 }, (_, number) => `listed/${number}`);
  await bench.inbox.deleteMulti(keys.slice(0, 1000), { quiet: true });
  await put(bench, keys.at(-1) ?? '', Buffer.from('x'));
  const since = bench.cloud.journal.entries().at(-1)?.n;
  expect(await sweep()).toMatchObject({ listed: 1001, isComplete: true });
  const made = bench.cloud.journal.entries(since).filter(({ principal }) => principal.includes(SWEEP));
  expect(made.map(({ operation, bucket }) => `${operation} ${bucket}`).sort()).toEqual([
    `ListMultipartUploads ${DOWNLOADS}`,
    'ListMultipartUploads oss-envelope-vault',
    ...Array(2).fill(`ListObjectVersions ${INBOX}`),
    `ListObjectsV2 ${DOWNLOADS}`,
  ]);
});
