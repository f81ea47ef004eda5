import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { INBOX, VAULT } from '../../../infra/run/deployment';
import {
  ask,
  type Bench,
  deployBench,
  hold,
  lettersOf,
  linesOf,
  opened,
  outcomesOf,
  put,
  redeploy,
  upload,
  versionsOf,
} from '../../deployment';
import { type Forgery, forged, plant } from './forged';
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

describe('an envelope that came out on top too late', () => {
  /** The newer upload is sealed while the run of the older one waits to store its envelope; `finish` lets it go on. */
  async function overtaken(key: string, apartMs = 0) {
    const older = await put(bench, key, Buffer.from('older'));
    await bench.cloud.clock.advance(apartMs);
    const held = hold(bench, nthCall('PutObject', VAULT, 1));
    const run = seal(bench, older);
    await held.reached;
    await seal(bench, await put(bench, key, Buffer.from('newer')));
    const finish = () => {
      held.release();
      return run;
    };
    return { older, finish };
  }

  const copies = (key: string) =>
    bench.calls.filter((call) => call.operation === 'CopyObject' && call.key === key).length;

  test.each([0, 2000])('is covered by a copy of the newer one: uploads %i ms apart', async (apartMs) => {
    const key = `healed/${apartMs}`;
    const { finish } = await overtaken(key, apartMs);
    await finish();
    expect(copies(key)).toBe(1);
    expect(await versionsOf(bench.vault, key)).toHaveLength(3);
    await isSettled(bench, key, 'newer');
  });

  test('is covered by the next run of its event, where its own has died', async () => {
    const { older, finish } = await overtaken('killed');
    const match = { operation: 'ListObjectVersions', bucket: INBOX };
    bench.cloud.faults.add({ match, do: { killFunction: 'oss-envelope-encrypt' } });
    await finish();
    expect((await opened(bench, 'killed')).toString()).toBe('older');
    await seal(bench, older);
    await isSettled(bench, 'killed', 'newer');
  });

  test('is covered by the run of the newer upload, where its own has failed', async () => {
    const key = 'failed';
    const older = await put(bench, key, Buffer.from('older'));
    const storing = hold(bench, nthCall('PutObject', VAULT, 1));
    const run = seal(bench, older);
    await storing.reached;
    const newer = await put(bench, key, Buffer.from('newer'));
    const looking = hold(bench, nthCall('ListObjectVersions', INBOX, 2));
    const newerRun = seal(bench, newer);
    await looking.reached;
    const denied = { error: { code: 'AccessDenied', status: 403 } };
    bench.cloud.faults.add({ match: { operation: 'ListObjectVersions', bucket: INBOX }, do: denied });
    storing.release();
    await run;
    expect((await opened(bench, key)).toString()).toBe('older');
    looking.release();
    await newerRun;
    await isSettled(bench, key, 'newer');
  });

  test('is covered as often as it takes', async () => {
    const { finish } = await overtaken('loops');
    let left = 3;
    bench.fail.before = async ({ operation, bucket, principal }) => {
      const isLook = operation === 'ListObjectVersions' && bucket === VAULT && principal.includes('encrypt');
      if (!isLook || copies('loops') === 0 || left-- <= 0) return;
      const [, late] = (await versionsOf(bench.vault, 'loops')).toReversed();
      await bench.vault.copy('loops', 'loops', { versionId: late?.versionId ?? '' });
    };
    await finish();
    expect(left).toBeLessThan(0);
    await isSettled(bench, 'loops', 'newer');
  });

  test('among more versions than one listing brings, next to keys that begin alike', async () => {
    const uploads = await putAll(
      bench,
      'many',
      Array.from({ length: 12 }, (_, number) => `upload ${number}`),
    );
    await putAll(bench, 'many more', ['another']);
    for (const uploaded of uploads.toReversed()) await seal(bench, uploaded);
    for (let number = 0; number < 11; number++) await upload(bench, 'many', Buffer.from(`later ${number}`));
    const { finish } = await overtaken('many');
    await finish();
    await isSettled(bench, 'many', 'newer');
    expect(await versionsOf(bench.inbox, 'many more')).toHaveLength(1);
  });
});

describe('what its owner does is left as it is', () => {
  test('a delete marker in the vault stays on top, whatever comes a second time', async () => {
    const uploads = await putAll(bench, 'deleted', ['one', 'two']);
    for (const uploaded of uploads) await seal(bench, uploaded);
    await bench.vault.deleteMulti(['deleted'], { quiet: true });
    const before = await versionsOf(bench.vault, 'deleted');
    for (const uploaded of uploads) await seal(bench, uploaded);
    expect(await versionsOf(bench.vault, 'deleted')).toEqual(before);
    expect((await ask(bench, { key: 'deleted' })).status).toBe(404);
  });

  test('a new upload comes out on top of a delete marker', async () => {
    await upload(bench, 'revived', Buffer.from('old'));
    await bench.vault.deleteMulti(['revived'], { quiet: true });
    await upload(bench, 'revived', Buffer.from('new'));
    await isSettled(bench, 'revived', 'new');
  });

  test('an upload that is hidden before it was sealed is not sealed, and can be had back', async () => {
    const { versionId, ...uploaded } = await put(bench, 'withdrawn', Buffer.from('withdrawn'));
    await bench.inbox.deleteMulti(['withdrawn'], { quiet: true });
    await seal(bench, { versionId, ...uploaded });
    expect(outcomesOf(bench, 'withdrawn')).toEqual(['gone']);
    expect(await versionsOf(bench.vault, 'withdrawn')).toEqual([]);
    const [marker] = (await versionsOf(bench.inbox, 'withdrawn')).filter(
      (one) => one.versionId !== versionId,
    );
    await bench.inbox.delete('withdrawn', { versionId: marker?.versionId ?? '' });
    await seal(bench, { versionId, ...uploaded });
    await isSettled(bench, 'withdrawn', 'withdrawn');
  });

  async function copyOfAnother(key: string) {
    const [envelope] = await versionsOf(bench.vault, 'foreign/source');
    return bench.vault.copy(key, 'foreign/source', { versionId: envelope?.versionId ?? '' });
  }
  const foreign: [string, (key: string) => Promise<unknown>][] = [
    ['no envelope', (key) => bench.vault.put(key, Buffer.from('no envelope'), {})],
    ['nothing', (key) => bench.vault.put(key, Buffer.alloc(0), {})],
    ['the envelope of another key', copyOfAnother],
  ];
  test.each(foreign)('%s in the vault takes no part in the order', async (name, arrange) => {
    await upload(bench, 'foreign/source', Buffer.from('source'));
    const key = `foreign/${name}`;
    const uploads = await putAll(bench, key, ['one', 'two']);
    await seal(bench, uploads[1] ?? expect.fail());
    await arrange(key);
    await seal(bench, uploads[0] ?? expect.fail());
    await isSettled(bench, key, 'two');
    expect(await versionsOf(bench.vault, key)).toHaveLength(3);
  });
});

describe('an envelope that somebody planted without a key', () => {
  const year9999 = '9999-12-31T23:59:59.999Z';
  const inAMinute = () => new Date(bench.cloud.clock.now() + 60_000).toISOString();
  const planted = (forgery: () => Forgery) => (key: string) => plant(bench, key, forgery());
  async function symlink(key: string) {
    await bench.vault.put(`${key}/target`, forged(bench, key), {});
    const links = bench.vault as unknown as { putSymlink(key: string, target: string): Promise<unknown> };
    await links.putSymlink(key, `${key}/target`);
  }
  async function refused(key: string) {
    const { res } = await bench.vault.put(key, forged(bench, key), {});
    const others = bench.fail.before;
    bench.fail.before = (call) =>
      call.query.versionId === res.headers['x-oss-version-id'] && call.principal.includes('encrypt')
        ? { error: { code: 'AccessDenied', status: 403 } }
        : others?.(call);
  }
  const unbelievable: [string, (key: string) => Promise<unknown>][] = [
    ['of the year 9999', planted(() => ({ sealedAt: year9999 }))],
    ['of a minute to come', planted(() => ({ sealedAt: inAMinute() }))],
    ['under a foreign key', planted(() => ({ keyArn: 'acs:kms:cn-hangzhou:666:key/k' }))],
    ['shorter than its facts say', planted(() => ({ bytes: 0 }))],
    ['longer than its facts say', planted(() => ({ bytes: 4096 }))],
    ['behind a symlink', symlink],
    ['that OSS refuses to read', refused],
  ];
  const archived = (key: string) =>
    bench.vault.put(key, forged(bench, key), { headers: { 'x-oss-storage-class': 'Archive' } });
  const all = [...unbelievable, ['in an archive', archived] as const];

  test.each(all)('%s hides no later upload', async (name, plantAt) => {
    const key = `planted/before/${name}`;
    await plantAt(key);
    for (const uploaded of await putAll(bench, key, ['one', 'two'])) await seal(bench, uploaded);
    await isSettled(bench, key, 'two');
  });

  /** Sealed, but for what is planted between its store and its second look. */
  async function plantedWithin(key: string, plantAt: (key: string) => Promise<unknown>) {
    const [older, newer] = await putAll(bench, key, ['older', 'newer']);
    const held = hold(bench, nthCall('ListObjectVersions', INBOX, 2));
    const run = seal(bench, newer ?? expect.fail());
    await held.reached;
    await plantAt(key);
    held.release();
    await run;
    await isSettled(bench, key, 'newer');
    return older ?? expect.fail();
  }

  test.each(unbelievable)('%s is covered where it is on top', async (name, plantAt) => {
    const key = `planted/within/${name}`;
    const older = await plantedWithin(key, plantAt);
    await plantAt(key);
    await seal(bench, older);
    await isSettled(bench, key, 'newer');
  });

  test('in an archive is covered by a run that has stored an envelope, and else left to its owner', async () => {
    const key = 'planted/archived';
    const older = await plantedWithin(key, archived);
    await archived(key);
    const before = await versionsOf(bench.vault, key);
    await seal(bench, older);
    expect(await versionsOf(bench.vault, key)).toEqual(before);
    expect(lettersOf(bench, key)).toEqual([]);
  });

  test('at some moment is below what is sealed later', async () => {
    const key = 'planted/now';
    await plant(bench, key);
    await bench.cloud.clock.advance(10_000);
    for (const uploaded of await putAll(bench, key, ['one', 'two'])) await seal(bench, uploaded);
    await isSettled(bench, key, 'two');
  });
});

test('nothing is sealed under a key that decrypt does not ask for', async () => {
  const uploaded = await put(bench, 'unlisted', Buffer.from('unlisted'));
  const edit = (sYaml: string) => sYaml.replace(/(KMS_KEY_ARNS:) .*/, '$1 acs:kms:cn-hangzhou:1:key/other');
  await redeploy(bench, { edit });
  await seal(bench, uploaded);
  expect(linesOf(bench, 'unlisted')).toMatchObject([
    {
      ...{ outcome: 'failed', code: 'config-invalid' },
      message: expect.stringMatching(/^Cannot seal: alias\/oss-envelope is acs:kms:.*KMS_KEY_ARNS/),
    },
  ]);
  expect(await versionsOf(bench.vault, 'unlisted')).toEqual([]);
  await redeploy(bench, {});
  await seal(bench, uploaded);
  await isSettled(bench, 'unlisted', 'unlisted');
});
