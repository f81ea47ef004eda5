import { describe, expect, test } from 'vitest';
import type { Vault } from '../../../functions/cloud/vault';
import type { Version } from '../../../functions/cloud/versions';
import { agreedMoment, disbelief } from '../../../functions/encrypt/belief';
import { settle } from '../../../functions/encrypt/settle';
import { VAULT } from '../../../infra/run/deployment';
import { factsOf, wrappedKey } from '../envelope/specimen';
import { forgedEnvelope } from './forged';

const SECOND = Date.parse('2026-11-21T01:02:03.000Z');
const at = (ms: number) => new Date(SECOND + ms).toISOString();

describe('a version in the vault since a second', () => {
  const listed = [wrappedKey.keyArn];
  const foreign = { keyArn: 'acs:kms:cn-hangzhou:666:key/k' };
  type Row = [what: string, isBelieved: boolean, doubted: () => string | undefined];
  const sealed = (ms: number) => ({ facts: { ...factsOf(3), sealedAt: at(ms) }, wrappedKeys: [wrappedKey] });
  const version = { lastModified: at(0), type: 'Normal' } as const;
  const rows: Row[] = [
    ['sealed long before', true, () => disbelief(version, sealed(-1e12), listed)],
    ['sealed in it', true, () => disbelief(version, sealed(999), listed)],
    ['sealed as far ahead as clocks may be', true, () => disbelief(version, sealed(5000), listed)],
    ['sealed a millisecond later', false, () => disbelief(version, sealed(5001), listed)],
    ['of parts', true, () => disbelief({ ...version, type: 'Multipart' }, sealed(0), listed)],
    ['a symlink', false, () => disbelief({ ...version, type: 'Symlink' }, sealed(0), listed)],
    ['appendable', false, () => disbelief({ ...version, type: 'Appendable' }, sealed(0), listed)],
    ['under no key of the list', false, () => disbelief(version, sealed(0), [])],
    ['where nobody knows the list', true, () => disbelief(version, sealed(0), undefined)],
    [
      'under one of the list, too',
      true,
      () => disbelief(version, { ...sealed(0), wrappedKeys: [foreign, wrappedKey] }, listed),
    ],
  ];
  test.each(rows)('%s: believed=%s', (_, isBelieved, doubted) => {
    expect(doubted() === undefined).toBe(isBelieved);
  });

  test('no moment that a writer agrees on with OSS is beyond belief', () => {
    for (const ahead of [-1e7, -2001, -2000, 0, 999, 2000, 2001, 1e7]) {
      const facts = {
        ...factsOf(3),
        sealedAt: agreedMoment(new Date(SECOND + ahead), new Date(SECOND)).toISOString(),
      };
      expect(disbelief(version, { facts, wrappedKeys: [wrappedKey] }, listed)).toBeUndefined();
    }
  });
});

describe('settling', () => {
  const keyArns = [wrappedKey.keyArn];
  const year9999 = '9999-12-31T23:59:59.999Z';
  type Put = Partial<Version> & { sealedAt: string };

  /** A vault of the versions of one key, the newest first, in pages of a hundred. */
  function vaultOf(puts: Put[]) {
    const [reads, copies]: [string[], string[]] = [[], []];
    let versions = puts.map(({ sealedAt, ...said }, number) => ({ ...versionOf(number), ...said, sealedAt }));
    const onTop = (put: Put) => {
      versions = [{ ...versionOf(versions.length), ...put }, ...versions];
    };
    const vault = {
      bucket: VAULT,
      versionsBelow: async (_: string, after?: { versionId: string }) => {
        const from = after ? versions.findIndex(({ versionId }) => versionId === after.versionId) + 1 : 0;
        const page = versions.slice(from, from + 100);
        const next = from + 100 < versions.length ? page.at(-1) : undefined;
        return { versions: page.map((version, i) => ({ ...version, isCurrent: from + i === 0 })), next };
      },
      find: async (key: string, id: string) => {
        reads.push(id);
        const sealedAt = versions.find(({ versionId }) => versionId === id)?.sealedAt ?? '';
        const start = forgedEnvelope(key, { sealedAt });
        return { start, size: start.length };
      },
      putOnTop: async ({ versionId }: Version) => {
        copies.push(versionId);
        const { sealedAt = '' } = versions.find((one) => one.versionId === versionId) ?? {};
        onTop({ sealedAt, lastModified: at(99_000) });
      },
    } as unknown as Vault;
    return { vault, reads, copies, onTop };
  }

  const versionOf = (number: number): Version => ({
    ...{ key: 'k', versionId: `${number}`, eTag: '', size: 0, lastModified: at(0) },
    ...{ isCurrent: false, type: 'Normal', storageClass: 'Standard' },
  });

  /** Planted in the second in which one of them was sealed. */
  const crowd = (count: number, genuine: number) =>
    vaultOf(
      Array.from({ length: count }, (_, number) => ({ sealedAt: number === genuine ? at(0) : year9999 })),
    );

  test('among 10,000 planted versions a run that has sealed reads 1000 others, once, and finds its own', async () => {
    const { vault, reads, copies } = crowd(10_000, 7000);
    await settle({ vault, keyArns }, { key: 'k', own: '7000' });
    expect([reads.length, new Set(reads).size, copies]).toEqual([1002, 1002, ['7000']]);
  });

  test('one that has nothing to lose reads them all', async () => {
    const { vault, reads, copies } = crowd(1500, 1499);
    await settle({ vault, keyArns }, { key: 'k' });
    expect([reads.length, copies]).toEqual([1501, ['1499']]);
  });

  test('ends at what was stored in one piece before the newest was sealed, not at an upload of parts', async () => {
    const puts: Put[] = [
      { sealedAt: at(20_000), lastModified: at(90_000) },
      { sealedAt: at(0), lastModified: at(0), type: 'Multipart' },
      { sealedAt: at(30_000), lastModified: at(31_000) },
      { sealedAt: at(0), lastModified: at(1000) },
      { sealedAt: at(0), lastModified: at(1000) },
    ];
    const { vault, reads, copies } = vaultOf(puts);
    await settle({ vault, keyArns }, { key: 'k' });
    expect([reads, copies]).toEqual([['0', '2', '5'], ['2']]);
  });

  test('gives up where somebody writes on top all the time', async () => {
    const { vault, copies, onTop } = crowd(2, 1);
    const { putOnTop } = vault;
    vault.putOnTop = async (version) => {
      await putOnTop(version);
      onTop({ sealedAt: year9999 });
    };
    await expect(settle({ vault, keyArns }, { key: 'k', own: '1' })).rejects.toMatchObject({
      ...{ code: 'source-changed', remedy: 'redeliver' },
    });
    expect(copies).toHaveLength(10);
  });
});
