import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DeleteMarker,
  holdingsIn,
  type Page,
  type PageMarker,
  type Version,
} from '../../../functions/cloud/versions';
import { Fault } from '../../../functions/fault';
import { NOTHING, type SweepInboxTools, sweepInbox } from '../../../functions/sweep/sweep-inbox';

const at = new Date('2026-11-21T12:00:00Z');
type Entry = { key: string; versionId: string; age: number; isMarker: boolean };

/** An inbox with these entries, listed in their order in pages of so many. */
function inboxOf(entries: Entry[], pageSize: number) {
  const did = { redriven: [] as string[], removed: [] as string[], pages: 0 };
  const newest = new Map(entries.toReversed().map((entry) => [entry.key, entry.versionId]));
  const modified = (age: number) => new Date(at.getTime() - age * 1000).toISOString();
  const versionOf = ({ key, versionId, age }: Entry): Version => ({
    ...{ key, versionId, eTag: versionId, size: 1, lastModified: modified(age) },
    ...{ isCurrent: newest.get(key) === versionId, type: 'Normal', storageClass: 'Standard' },
  });
  const markerOf = ({ key, versionId, age }: Entry): DeleteMarker => ({
    ...{ key, versionId, lastModified: modified(age) },
  });
  const startOf = (after: PageMarker | undefined) => {
    if (!after) return 0;
    const isLast = ({ key, versionId }: Entry) =>
      key === after.key && (after.versionId === undefined || versionId === after.versionId);
    return entries.findLastIndex(isLast) + 1;
  };
  async function* pages(afterKey: string | undefined): AsyncGenerator<Page> {
    let after: PageMarker | undefined =
      afterKey === undefined ? undefined : { key: afterKey, versionId: undefined };
    const page = () => {
      did.pages++;
      const from = startOf(after);
      const listed = entries.slice(from, from + pageSize);
      const last = listed.at(-1);
      return {
        answeredAt: at,
        versions: listed.filter(({ isMarker }) => !isMarker).map(versionOf),
        markers: listed.filter(({ isMarker }) => isMarker).map(markerOf),
        next:
          last && from + pageSize < entries.length ? { key: last.key, versionId: last.versionId } : undefined,
      };
    };
    do {
      const one = page();
      yield one;
      after = one.next;
    } while (after);
  }
  const inbox: SweepInboxTools['inbox'] = {
    holdings: (afterKey) => holdingsIn(pages(afterKey)),
    async below({ key, versionId }) {
      const from = entries.findIndex((entry) => entry.key === key && entry.versionId === versionId) + 1;
      return entries
        .slice(from)
        .flatMap((entry) => (entry.key === key && !entry.isMarker ? versionOf(entry) : []));
    },
    async remove({ key, versionId }) {
      did.removed.push(`${key}/${versionId}`);
    },
  };
  return { did, inbox };
}

const DAY = 86_400;

type Changes = Partial<SweepInboxTools> & { pageSize?: number; after?: string };

async function sweep(entries: Entry[], { pageSize = 1000, after, ...changes }: Changes = {}) {
  const { did, inbox } = inboxOf(entries, pageSize);
  const failed: string[] = [];
  const told: string[] = [];
  const counts = { ...NOTHING };
  const tools: SweepInboxTools = {
    ...{ inbox, grace: 900, interval: undefined, redriveLimit: 1000, at, isOver: () => false },
    withdrawnSeconds: DAY,
    onRemoved: ({ key, versionId }, marker) =>
      void told.push(`${key}/${versionId} below ${marker.versionId}`),
    onFailure: (_, key) => void failed.push(key),
    redrive: async ({ key, versionId }) => void did.redriven.push(`${key}/${versionId}`),
    ...changes,
  };
  const rest = await sweepInbox(tools, counts, after);
  return { ...did, failed, told, counts, rest };
}

const version = (key: string, versionId: string, age = 1000): Entry => ({
  key,
  versionId,
  age,
  isMarker: false,
});
const marker = (key: string, versionId: string, age = 1000): Entry => ({
  key,
  versionId,
  age,
  isMarker: true,
});

describe('of one key', () => {
  const cases: [string, Entry[], { redriven?: string[]; removed?: string[]; counts: object }][] = [
    [
      'an upload',
      [version('a', '1')],
      { redriven: ['a/1'], counts: { unsealed: 1, oldestUnsealedSeconds: 1000, redriven: 1 } },
    ],
    ['a young upload', [version('a', '1', 899)], { counts: { unsealed: 1, oldestUnsealedSeconds: 899 } }],
    [
      'one over another: the newest alone is tried',
      [version('a', '2'), version('a', '1', 5000)],
      { redriven: ['a/2'], counts: { unsealed: 1, superseded: 1, oldestUnsealedSeconds: 1000, redriven: 1 } },
    ],
    [
      'a young one over an old one',
      [version('a', '2', 1), version('a', '1', 5000)],
      { counts: { unsealed: 1, superseded: 1, oldestUnsealedSeconds: 1 } },
    ],
    [
      'a marker over uploads: their owner has withdrawn them',
      [marker('a', '3'), version('a', '2'), version('a', '1')],
      { counts: { withdrawn: 2 } },
    ],
    [
      'an upload over a marker',
      [version('a', '2'), marker('a', '1')],
      { redriven: ['a/2'], counts: { unsealed: 1, oldestUnsealedSeconds: 1000, redriven: 1 } },
    ],
    ['a marker over nothing', [marker('a', '1')], { removed: ['a/1'], counts: { markersRemoved: 1 } }],
    [
      'markers over nothing, one of them young',
      [marker('a', '2', 10), marker('a', '1')],
      { removed: ['a/1'], counts: { markersRemoved: 1 } },
    ],
    [
      'a marker of a day ago over uploads: they go, the oldest first, and so does the marker',
      [marker('a', '3', DAY), version('a', '2', DAY), version('a', '1', 2 * DAY)],
      { removed: ['a/1', 'a/2', 'a/3'], counts: { withdrawn: 2, withdrawnRemoved: 2, markersRemoved: 1 } },
    ],
    [
      'a marker that is not a day old yet',
      [marker('a', '2', DAY - 1), version('a', '1', 2 * DAY)],
      { counts: { withdrawn: 1 } },
    ],
    [
      'one name again and again: what was deleted a day ago goes, what was deleted since stays',
      [marker('a', '4', 10), version('a', '3', 20), marker('a', '2', DAY), version('a', '1', DAY)],
      { removed: ['a/1'], counts: { withdrawn: 2, withdrawnRemoved: 1 } },
    ],
    [
      'an upload over a marker of a day ago over another',
      [version('a', '3', 10), marker('a', '2', DAY), version('a', '1', 3 * DAY)],
      {
        removed: ['a/1'],
        counts: { unsealed: 1, superseded: 1, oldestUnsealedSeconds: 10, withdrawnRemoved: 1 },
      },
    ],
    [
      'a marker of a day ago below an upload that is dated before it: by the order, not by the date',
      [marker('a', '3', 10), version('a', '2', 2 * DAY), marker('a', '1', DAY)],
      { counts: { withdrawn: 1 } },
    ],
    [
      'what has no id of its own stays',
      [marker('a', '2', DAY), version('a', 'null', DAY), marker('b', 'null', DAY)],
      { counts: { withdrawn: 1 } },
    ],
    ['an upload from the future: a clock is wrong', [version('a', '1', -50)], { counts: { unsealed: 1 } }],
  ];
  test.each(cases)('%s', async (_, entries, { redriven = [], removed = [], counts }) => {
    const swept = await sweep(entries);
    expect(swept).toMatchObject({ redriven, removed });
    expect(swept.counts).toEqual({ ...NOTHING, listed: entries.length, ...counts });
  });
});

describe('what was deleted long enough ago', () => {
  const entries = [marker('a', '2', DAY), version('a', '1', DAY)];
  const failing = (error: Error): Changes => {
    const { inbox } = inboxOf(entries, 1000);
    return { inbox: { ...inbox, remove: () => Promise.reject(error) } };
  };

  test('is told of, with the marker that hid it', async () => {
    expect((await sweep(entries)).told).toEqual(['a/1 below 2']);
  });

  test('stays where its owner takes the marker back before it goes', async () => {
    const { inbox } = inboxOf(entries, 1000);
    expect(await sweep(entries, { inbox: { ...inbox, below: async () => [] } })).toMatchObject({
      told: [],
      counts: { withdrawn: 1, withdrawnRemoved: 0, markersRemoved: 0 },
    });
  });

  test('is told of as a failure where it cannot be removed', async () => {
    expect(await sweep(entries, failing(new Error('no')))).toMatchObject({ failed: ['a'], told: [] });
  });

  test('stays without a failure where no call can name its key', async () => {
    const error = new Fault('key-unsupported', 'Cannot use this object key');
    expect(await sweep(entries, failing(error))).toMatchObject({
      failed: [],
      told: [],
      counts: { failed: 0, withdrawn: 1 },
    });
  });

  test('is counted by the clock of OSS, whatever moment an order says', async () => {
    const [{ inbox }, answeredAt] = [inboxOf(entries, 1000), new Date(at.getTime() - 1000)];
    async function* holdings(afterKey: string | undefined) {
      for await (const holding of inbox.holdings(afterKey)) yield { ...holding, answeredAt };
    }
    expect((await sweep(entries, { inbox: { ...inbox, holdings } })).counts).toMatchObject({
      withdrawnRemoved: 0,
    });
  });
});

test('an empty inbox takes one page', async () => {
  const nothing = { redriven: [], removed: [], failed: [], told: [], counts: NOTHING, rest: undefined };
  expect(await sweep([])).toEqual({ ...nothing, pages: 1 });
});

test('three thousand keys that are not due take three pages and nothing else', async () => {
  const young = Array.from({ length: 3000 }, (_, number) => version(`${10_000 + number}`, '1', 899));
  const { counts, pages, redriven } = await sweep(young);
  expect({ pages, redriven }).toEqual({ pages: 3, redriven: [] });
  expect(counts).toEqual({ ...NOTHING, listed: 3000, unsealed: 3000, oldestUnsealedSeconds: 899 });
});

test('no more is handed on than the limit, and all is counted', async () => {
  const swept = await sweep([version('a', '1'), version('b', '1'), version('c', '1')], { redriveLimit: 2 });
  expect(swept.redriven).toEqual(['a/1', 'b/1']);
  expect(swept.counts).toMatchObject({ unsealed: 3, redriven: 2 });
});

test('a hand-over that fails is told, and the sweep goes on', async () => {
  const redrive: SweepInboxTools['redrive'] = ({ key }) =>
    key === 'a' ? Promise.reject(new Error('no')) : done;
  const done = Promise.resolve();
  const swept = await sweep([version('a', '1'), version('b', '1')], { redrive });
  expect(swept.failed).toEqual(['a']);
  expect(swept.counts).toMatchObject({ unsealed: 2, redriven: 1, failed: 1 });
});

/** Keys in the order of their bytes, each with a few versions and markers; of each the newest first. */
const inboxes = fc
  .uniqueArray(fc.constantFrom('a', 'a/', 'a/b', 'b', 'é', '\ue000', '😀', 'z', 'zz', '0'), { minLength: 1 })
  .map((keys) => keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  .chain((keys) =>
    fc.tuple(
      ...keys.map((key) =>
        fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }).map((kinds) => ({ key, kinds })),
      ),
    ),
  )
  .map((keys) =>
    keys.flatMap(({ key, kinds }) =>
      kinds.map((isMarker, index): Entry => ({ key, isMarker, age: 1000, versionId: `${9 - index}` })),
    ),
  );

describe('wherever pages end', () => {
  test('the same is seen and done', async () => {
    await fc.assert(
      fc.asyncProperty(inboxes, fc.integer({ min: 1, max: 7 }), async (entries, pageSize) => {
        const [whole, paged] = [await sweep(entries), await sweep(entries, { pageSize })];
        expect(paged.counts).toEqual(whole.counts);
        expect(paged.redriven).toEqual(whole.redriven);
        expect(paged.removed).toEqual(whole.removed);
      }),
    );
  });

  test('and wherever runs end, their sum is that of one run', async () => {
    const ends = fc.infiniteStream(fc.boolean());
    await fc.assert(
      fc.asyncProperty(inboxes, fc.integer({ min: 1, max: 7 }), ends, async (entries, pageSize, isOver) => {
        const whole = await sweep(entries);
        const runs = [await sweep(entries, { pageSize, isOver: () => isOver.next().value })];
        for (let rest = runs[0]?.rest; rest !== undefined; rest = runs.at(-1)?.rest)
          runs.push(await sweep(entries, { pageSize, after: rest, isOver: () => isOver.next().value }));
        expect(runs.flatMap(({ redriven }) => redriven)).toEqual(whole.redriven);
        expect(runs.flatMap(({ removed }) => removed)).toEqual(whole.removed);
        expect(runs.reduce((sum, { counts }) => sum + counts.listed, 0)).toBe(entries.length);
      }),
    );
  });
});
