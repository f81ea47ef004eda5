import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Call, Effect } from '../infra/local/gateway/hooks';
import { INBOX, VAULT } from '../infra/run/deployment';
import { ask, type Bench, bytesAt, deployBench, invoke, versionsOf } from './deployment';
import { FATES } from './explorer/fates';
import { envelopeOpener } from './explorer/open-envelope';
import { contentOf } from './explorer/owner';
import { type Random, seeded, weighted } from './explorer/random';

const OBJECTS = Number(process.env.LOAD_OBJECTS ?? 200);
const MINUTE = 60_000;
const ENCRYPT = ':assumed-role/oss-envelope-encrypt/';

/** What becomes of an object's event, in hundredths; the key says which. */
const EVENTS = { at_once: 35, twice: 30, swapped: 30, lost: 5 };
/** What becomes of a call of the encrypt function before it is applied, in hundredths. */
const CALLS = { passes: 98.5, fails: 1.4, 'is throttled': 0.1 };
/** Of so many calls the answer of one is lost after it was applied. */
const ONE_LOST_OF = 200;
const KILLS = 3;

let bench: Bench;
let keys: string[];
beforeAll(async () => {
  bench = await deployBench();
  const random = seeded(4);
  keys = Array.from({ length: OBJECTS }, (_, index) => `${index}.${weighted(random, EVENTS)}`);
  disturbEvents();
  disturbCalls(random);
  await eachOf(keys, (key) => bench.inbox.put(key, contentOfKey(key), {}));
  await bench.cloud.idle();
  bench.fail.before = undefined;
  await bench.cloud.faults.clear();
  await bench.cloud.idle();
}, 10 * MINUTE);
afterAll(() => bench.close());

function disturbEvents(): void {
  const all = (key: string) => ({ match: { service: 'event' as const, key }, times: 1e9 });
  bench.cloud.faults.add({ ...all('*.lost'), do: { drop: true } });
  bench.cloud.faults.add({ ...all('*.twice'), do: { twice: true } });
  bench.cloud.faults.add({ ...all('*.swapped'), do: { afterNextEvent: true } });
}

function disturbCalls(random: Random): void {
  const match = { principal: `*${ENCRYPT}*` };
  const calls = 5 * OBJECTS;
  for (let nth = ONE_LOST_OF; nth < calls; nth += ONE_LOST_OF)
    bench.cloud.faults.add({ match, nth, do: { dropAnswer: true } });
  for (let kill = 1; kill <= KILLS; kill++) {
    const nth = Math.floor((calls * kill) / (KILLS + 1));
    bench.cloud.faults.add({ match, nth, do: { killFunction: 'oss-envelope-encrypt' } });
  }
  bench.fail.before = (call) => (call.principal.includes(ENCRYPT) ? fateOf(call, random) : undefined);
}

function fateOf({ service }: Call, random: Random): Effect {
  const deed = FATES[weighted(random, CALLS)];
  return typeof deed?.do === 'object' ? { error: deed.do[service] } : {};
}

function contentOfKey(key: string): Buffer {
  return contentOf(key, key.length * 100);
}

/** So many at once. */
async function eachOf<T>(items: T[], work: (item: T) => Promise<unknown>, atOnce = 16): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function keysIn(client: Bench['inbox']): Promise<string[]> {
  const found = new Set<string>();
  for (let keyMarker = ''; ; ) {
    const page = await client.getBucketVersions({ maxKeys: 1000, keyMarker });
    for (const { name } of page.objects) found.add(name);
    if (!page.isTruncated) return [...found].sort();
    keyMarker = page.nextKeyMarker ?? '';
  }
}

describe(`${OBJECTS} uploads, events twice, swapped and lost, calls that fail`, () => {
  test('two calls of a hundred failed', () => {
    const calls = bench.cloud.journal.entries().filter(({ principal }) => principal.includes(ENCRYPT));
    const failed = calls.filter(({ status }) => status === 0 || status >= 500);
    expect(Math.round((100 * failed.length) / calls.length)).toBe(2);
  });

  test('what is left are the uploads whose event was lost', async () => {
    expect(await keysIn(bench.inbox)).toEqual(keys.filter((key) => key.endsWith('.lost')).sort());
  });

  test('a sweep finds these: the inbox is empty, and nothing is a dead letter', async () => {
    await bench.cloud.clock.advance(901_000);
    await invoke(bench, 'oss-envelope-sweep', '{"all": true}');
    await bench.cloud.idle();
    expect(await versionsOf(bench.inbox)).toEqual([]);
    expect(bench.reports.flatMap(({ logs }) => logs).filter((line) => line.includes('dead-letter'))).toEqual(
      [],
    );
  });

  test(
    'every upload opens from the vault, byte for byte',
    async () => {
      const open = envelopeOpener(bench);
      const differing: string[] = [];
      expect(await keysIn(bench.vault)).toEqual(keys.toSorted());
      await eachOf(keys, async (key) => {
        if (!(await open(key)).plaintext.equals(contentOfKey(key))) differing.push(key);
      });
      expect(differing).toEqual([]);
    },
    MINUTE,
  );

  test('some of them open through the decrypt function', async () => {
    for (const key of keys.filter((_, index) => index % (OBJECTS / 10) === 0)) {
      const { json } = await ask(bench, { key });
      expect((await bytesAt(json.url ?? '')).equals(contentOfKey(key)), key).toBe(true);
    }
  });

  test('no plaintext was deleted before its envelope was stored', () => {
    const stored = new Map<string, number>();
    const early: string[] = [];
    let deletes = 0;
    for (const { operation, bucket, key = '', status, n } of bench.cloud.journal.entries()) {
      if (operation === 'PutObject' && bucket === VAULT && status === 200) stored.set(key, n);
      if (operation !== 'DeleteObject' || bucket !== INBOX) continue;
      deletes++;
      if (!stored.has(key)) early.push(key);
    }
    expect(deletes).toBeGreaterThanOrEqual(OBJECTS);
    expect(early).toEqual([]);
  });
});
