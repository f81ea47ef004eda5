import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import {
  type Bench,
  deployBench,
  eventOf,
  hold,
  invoke,
  invokeLater,
  lettersOf,
  outcomesOf,
  PART,
  put,
  upload,
  versionsOf,
} from '../../deployment';
import { isSettled, nthCall, putAll, seal } from './settled';

let bench: Bench;
beforeAll(async () => {
  bench = await deployBench();
});
afterEach(async () => {
  bench.fail.before = undefined;
  await bench.cloud.faults.clear();
});
afterAll(() => bench.close());

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

describe('uploads to one key within a second, their events one after the other', () => {
  const orders = [...permutations([0, 1]), ...permutations([0, 1, 2]), [1, 1, 0, 1, 0], [2, 0, 2, 1, 1, 0]];
  test.each(orders.map((order) => [order.join(), order] as const))('order %s', async (name, order) => {
    const key = `order/${name}`;
    const contents = [...new Set(order)].sort().map((number) => `upload ${number}`);
    const uploads = await putAll(bench, key, contents);
    for (const number of order) await seal(bench, uploads[number] ?? expect.fail());
    await isSettled(bench, key, contents.at(-1) ?? '');
  });
});

describe('events that OSS delivers as it likes', () => {
  const deliveries: [string, () => unknown][] = [
    ['at once', () => undefined],
    ['each twice', () => add({ twice: true }, 9)],
    ['the first after the second', () => add({ afterNextEvent: true }, 1)],
    ['the newest first', () => add({ delayUntil: bench.cloud.clock.now() + 60_000 }, 3)],
    ['all but the last lost', () => add({ drop: true }, 3)],
  ];
  const add = (deed: Parameters<typeof fault>[0], times: number) =>
    bench.cloud.faults.add(fault(deed, times));
  const fault = (
    deed: { twice: true } | { afterNextEvent: true } | { delayUntil: number } | { drop: true },
    times: number,
  ) => ({ match: { service: 'event' }, times, do: deed }) as const;

  test.each(deliveries)('%s', async (name, arrange) => {
    arrange();
    for (const number of [1, 2, 3, 4]) await bench.inbox.put(name, Buffer.from(`upload ${number}`), {});
    await bench.cloud.idle();
    await bench.cloud.faults.release();
    await isSettled(bench, name, 'upload 4');
  });
});

test('one event in four runs at once: the upload is sealed, and nothing lost', async () => {
  const uploaded = await put(bench, 'parallel', Buffer.from('once'));
  await Promise.all([
    seal(bench, uploaded),
    seal(bench, uploaded),
    seal(bench, uploaded),
    seal(bench, uploaded),
  ]);
  expect(outcomesOf(bench, 'parallel')).toContain('sealed');
  await isSettled(bench, 'parallel', 'once');
});

test('three uploads, four runs at once for each', async () => {
  const uploads = await putAll(bench, 'crowd', ['one', 'two', 'three']);
  await Promise.all(
    [...uploads, ...uploads, ...uploads, ...uploads].map((uploaded) => seal(bench, uploaded)),
  );
  await isSettled(bench, 'crowd', 'three');
});

describe('the same content again has the same eTag', () => {
  test.each(permutations([0, 1, 2]).map((order) => [order.join(), order] as const))(
    'a, b, a: order %s',
    async (name, order) => {
      const key = `same/${name}`;
      const uploads = await putAll(bench, key, ['a', 'b', 'a']);
      for (const number of order) await seal(bench, uploads[number] ?? expect.fail());
      await isSettled(bench, key, 'a');
    },
  );

  test('the older of the two is superseded, where it is named by its version id', async () => {
    const [older, newer] = await putAll(bench, 'twins', ['a', 'a']);
    const event = eventOf({ key: 'twins', eTag: older?.eTag ?? '', versionId: older?.versionId ?? '' });
    await invoke(bench, 'oss-envelope-encrypt', event);
    expect(outcomesOf(bench, 'twins')).toEqual(['superseded']);
    expect(await versionsOf(bench.inbox, 'twins')).toHaveLength(2);
    await seal(bench, newer ?? expect.fail());
    await isSettled(bench, 'twins', 'a');
  });

  test('uploaded again after it was sealed, it is sealed again', async () => {
    await upload(bench, 'again', Buffer.from('a'));
    await upload(bench, 'again', Buffer.from('a'));
    expect(outcomesOf(bench, 'again')).toEqual(['sealed', 'sealed']);
    await isSettled(bench, 'again', 'a');
  });
});

/** Every call of a run, in order: for an upload of one part, and for one of many over an older upload. */
const calls: [size: number, operation: string, bucket: string | undefined, nth: number][] = [
  [10, 'ListObjectVersions', INBOX, 1],
  [10, 'GetObject', INBOX, 1],
  [10, 'GenerateDataKey', undefined, 1],
  [10, 'PutObject', VAULT, 1],
  [10, 'ListObjectVersions', INBOX, 2],
  [10, 'DeleteObject', INBOX, 1],
  [2 * PART, 'HeadObject', INBOX, 1],
  [2 * PART, 'InitiateMultipartUpload', VAULT, 1],
  [2 * PART, 'UploadPart', VAULT, 2],
  [2 * PART, 'CompleteMultipartUpload', VAULT, 1],
];

describe.each(calls)('a run for %i bytes is held before %s of %s (%i)', (size, operation, bucket, nth) => {
  const contents = [randomBytes(size), randomBytes(size)] as const;
  const name = [size, operation, bucket, nth].join('/');

  test('while a newer upload is sealed', async () => {
    const key = `held/older/${name}`;
    const older = await put(bench, key, contents[0]);
    const held = hold(bench, nthCall(operation, bucket, nth));
    const run = seal(bench, older);
    await held.reached;
    await seal(bench, await put(bench, key, contents[1]));
    held.release();
    await run;
    await isSettled(bench, key, contents[1]);
  });

  test('while the event of the older upload comes', async () => {
    const key = `held/newer/${name}`;
    const older = await put(bench, key, contents[0]);
    const newer = await put(bench, key, contents[1]);
    const held = hold(bench, nthCall(operation, bucket, nth));
    const run = seal(bench, newer);
    await held.reached;
    await seal(bench, older);
    held.release();
    await run;
    await isSettled(bench, key, contents[1]);
  });
});

describe('a duplicate whose source is removed by the other run', () => {
  const calls: [string, string, Record<string, string>][] = [
    ['while it reads parts', 'GetObject', {}],
    ['before it reads the tags', 'GetObjectTagging', { 'x-oss-tagging': 'a=b' }],
  ];
  test.each(calls)(
    '%s: it comes back, settles, and nothing is a dead letter',
    async (name, operation, headers) => {
      const key = `removed/${name}`;
      const { eTag } = await put(bench, key, randomBytes(2 * PART), headers);
      const held = hold(bench, nthCall(operation, INBOX, 1));
      const slow = invokeLater(bench, 'oss-envelope-encrypt', eventOf({ key, eTag }));
      await held.reached;
      await invoke(bench, 'oss-envelope-encrypt', eventOf({ key, eTag }));
      held.release();
      await slow;
      expect(outcomesOf(bench, key).at(-1)).toBe('duplicate');
      expect(lettersOf(bench, key)).toEqual([]);
      expect(await versionsOf(bench.vault, key)).toHaveLength(1);
    },
  );
});
