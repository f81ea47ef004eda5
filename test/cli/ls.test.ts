import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareKeys } from '../../cli/cloud/holdings';
import { entriesIn, type Scope } from '../../cli/commands/ls/entries';
import { plaintextSizes } from '../../cli/envelope/plaintext-sizes';
import { sealFile } from '../../cli/envelope/seal-file';
import { createSession, type Session } from '../../cli/session/session';
import type { OssClient } from '../../functions/cloud/oss-client';
import { collect } from '../../functions/cloud/pieces';
import { envelopeSize } from '../../functions/envelope/layout';
import { VAULT } from '../../infra/run/deployment';
import { bucketBy } from '../services';
import { linesOf, ossEnvelope } from './command';
import { type SmallCloud, startSmallCloud } from './small-cloud';

let small: SmallCloud;
beforeAll(async () => {
  small = await startSmallCloud();
  const [, , data = ''] = await small.options();
  const session = await createSession(
    { local: true, data, env: '/dev/null', color: false },
    AbortSignal.any([]),
  );
  const put = async (key: string, size: number) => {
    const source = {
      name: key,
      size,
      modifiedAt: new Date(),
      content: async function* () {
        yield Buffer.alloc(size);
      },
    };
    const sealed = await sealFile(session, source, { place: { bucket: VAULT, key }, keyId: small.keyArn });
    await small.vault.put(key, await collect(sealed.content()), {});
  };
  await put('a\u001b[2J.txt', 17);
  await put('2026/b', 1);
  await put('2026/b', 20_000);
  await put('2026/deep/c', 2);
  await put('hidden', 3);
  await put('old/hidden', 4);
  await small.vault.deleteMulti(['hidden', 'old/hidden'], { quiet: true });
  await small.vault.put('x-odd', Buffer.alloc(30_000), {});
});
afterAll(() => small.close());

async function ls(...argv: string[]) {
  const ended = await ossEnvelope([...(await small.options()), 'ls', ...argv]);
  const said = ended.stdout.toString();
  return { ...ended, said, items: argv.includes('--json') ? linesOf(ended) : [] };
}

describe('what lies in the vault', () => {
  test('is told by name, one level at a time', async () => {
    const [top, below, all] = await Promise.all([ls(), ls(`oss://${VAULT}/2026/`), ls('-r', '20')]);
    expect([top.said, top.stderr, top.code]).toEqual(['2026/\na\\u001b[2J.txt\nx-odd\n', '', 0]);
    expect(below.said).toBe('2026/b\n2026/deep/\n');
    expect(all.said).toBe('2026/b\n2026/deep/c\n');
  });

  test('by the length of each, and by its header', async () => {
    const [long, exact, objects] = await Promise.all([
      ls('-l', '-r'),
      ls('-r', '--exact', '--json'),
      ls('-r', '--json'),
    ]);
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
    expect(long.said.split('\n')).toEqual([
      expect.stringMatching(`^    ~20 KiB  ${time}  2026/b  \\(1 older\\)$`),
      expect.stringMatching(`^    2 bytes  ${time}  2026/deep/c$`),
      expect.stringMatching(`^   17 bytes  ${time}  a`),
      expect.stringMatching(`^    ~25 KiB  ${time}  x-odd$`),
      '',
    ]);
    expect([long.stderr, long.code]).toEqual(['envelopes: 4, ~45 KiB\n', 0]);
    expect(objects.items[0]).toMatchObject({ key: '2026/b', bytesAtMost: 20_000, older: 1, isCurrent: true });
    expect(objects.items.at(-1)).toMatchObject({ envelopes: 4, folders: 0, deleteMarkers: 0, wrong: 0 });
    expect(exact.items).toMatchObject([
      { key: '2026/b', bytes: 20_000, sealedAt: expect.any(String) },
      { key: '2026/deep/c', bytes: 2 },
      { bytes: 17 },
      { key: 'x-odd', wrong: 'preamble' },
      { envelopes: 3, bytesAtLeast: 20_019, bytesAtMost: 20_019, wrong: 1 },
    ]);
    expect([exact.code, JSON.parse(exact.stderr).error.code]).toEqual([3, 'in-part']);
  });

  test('with all that is below and above', async () => {
    const { items, code } = await ls('--versions', '-r', '--exact', '--json', '2026/b');
    expect([items, code]).toMatchObject([
      [{ bytes: 20_000, isCurrent: true }, { bytes: 1, isCurrent: false }, { envelopes: 2 }],
      0,
    ]);
    const hidden = await ls('--versions', '--json', 'hidden');
    expect(hidden.items).toMatchObject([
      { key: 'hidden', isDeleteMarker: true, isCurrent: true },
      { key: 'hidden', bytes: 3, isCurrent: false },
      { envelopes: 1, deleteMarkers: 1 },
    ]);
    expect((await ls('--versions')).said).toContain('  old/\n');
  });

  test('or is said not to be there, or not to be allowed', async () => {
    const nothing = await ls('old/');
    expect([nothing.code, nothing.said, nothing.stderr]).toEqual([
      1,
      '',
      expect.stringContaining(`Cannot list oss://${VAULT}/old/: nothing lies there (file-missing)`),
    ]);
    for (const [place, why] of [
      ['', 'the prefix is empty'],
      ['oss://oss-envelope-inbox/2026/', 'what lies there are no envelopes'],
      ['oss://Vault/', 'give oss://bucket/key'],
    ] as const) {
      const { code, stderr } = await ls(place);
      expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
    }
    small.cloud.faults.add({
      match: { operation: 'GetObject' },
      do: { error: { code: 'AccessDenied', status: 403 } },
    });
    small.cloud.faults.add({
      match: { operation: 'HeadObject' },
      do: { error: { code: 'AccessDenied', status: 403 } },
    });
    const refused = await ls('--exact', '2026/b');
    await small.cloud.faults.clear();
    expect([refused.code, refused.stderr]).toEqual([5, expect.stringContaining('have oss:GetObject on')]);
  });
});

/** A bucket that has one version or marker of each key; `calls` counts the pages. */
function bucketOf(count: number, at: (index: number) => { key: string; isMarker?: boolean }, page = 1000) {
  const bucket = { calls: 0 };
  const getBucketVersions = async ({ prefix = '', keyMarker }: { prefix?: string; keyMarker?: string }) => {
    bucket.calls++;
    let [from, to] = [0, count];
    while (keyMarker !== undefined && from < to) {
      const middle = (from + to) >> 1;
      if (compareKeys(at(middle).key, keyMarker) <= 0) from = middle + 1;
      else to = middle;
    }
    while (from < count && compareKeys(at(from).key, prefix) < 0) from++;
    const end = Math.min(count, from + page);
    const all = Array.from({ length: end - from }, (_, index) => at(from + index));
    const found = all.filter(({ key }) => key.startsWith(prefix));
    const one = ({ key }: { key: string }) => ({
      ...{ name: encodeURIComponent(key), versionId: 'v', etag: '"e"', isLatest: true, size: 4300 },
      ...{ lastModified: '2026-01-01T00:00:00.000Z', type: 'Normal', storageClass: 'Standard' },
    });
    const isTruncated = end < count && found.length === all.length;
    return {
      res: { headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' } },
      objects: found.filter(({ isMarker }) => !isMarker).map(one),
      deleteMarker: found.filter(({ isMarker }) => isMarker).map(one),
      isTruncated,
      ...(isTruncated && {
        nextKeyMarker: encodeURIComponent(all.at(-1)?.key ?? ''),
        nextVersionIdMarker: 'v',
      }),
    };
  };
  const session = {
    oss: () => bucketBy('b', { getBucketVersions } as unknown as OssClient),
  } as unknown as Session;
  return { bucket, session };
}

async function namesIn(session: Session, key: string, scope: Scope) {
  const names: string[] = [];
  for await (const entry of entriesIn(session, { bucket: 'b', key }, scope))
    names.push(
      'folder' in entry ? entry.folder : 'version' in entry ? entry.version.key : `-${entry.marker.key}`,
    );
  return names;
}

describe('many keys', () => {
  const digits = (index: number) => String(index).padStart(7, '0');

  test('are told as they come, a page in hand', async () => {
    const { bucket, session } = bucketOf(100_000, (index) => ({ key: `all/${digits(index)}` }));
    let [told, ahead] = [0, 0];
    for await (const _ of entriesIn(session, { bucket: 'b', key: '' }, { recursive: true }))
      ahead = Math.max(ahead, bucket.calls * 1000 - ++told);
    expect([told, bucket.calls]).toEqual([100_000, 100]);
    expect(ahead).toBeLessThanOrEqual(1001);
  });

  test('a million in one folder are two calls', async () => {
    const { bucket, session } = bucketOf(1_000_001, (index) => ({
      key: index < 1_000_000 ? `all/${digits(index)}` : 'b',
    }));
    expect([await namesIn(session, '', {}), bucket.calls]).toEqual([['all/', 'b'], 2]);
  });
});

test('a level is what its names say, however the listing is cut', async () => {
  const part = fc.constantFrom('a', 'b', '/', '\u{10ffff}', '0');
  const entry = fc.record({
    key: fc.array(part, { minLength: 1, maxLength: 5 }).map((all) => all.join('')),
    isMarker: fc.boolean(),
  });
  const entries = fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      entries,
      fc.constantFrom('', 'a', 'a/'),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (all, prefix, page, versions) => {
        const sorted = all.toSorted((a, b) => compareKeys(a.key, b.key));
        const { session } = bucketOf(sorted.length, (index) => sorted[index] ?? { key: '' }, page);
        const names = sorted
          .filter(({ key, isMarker }) => key.startsWith(prefix) && (versions || !isMarker))
          .map(({ key, isMarker }) => {
            const slash = key.indexOf('/', prefix.length);
            return slash < 0 ? `${isMarker ? '-' : ''}${key}` : key.slice(0, slash + 1);
          });
        const scope = versions ? { versions } : {};
        expect(await namesIn(session, prefix, scope as Scope)).toEqual([...new Set(names)]);
      },
    ),
  );
});

test('the length of an envelope leaves open the size of its header, and nothing else', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.nat(10_000_000), (blocks, size) => {
      const sizes = plaintextSizes(envelopeSize(blocks * 4096, { size }));
      expect(sizes?.least).toBeLessThanOrEqual(size);
      expect(sizes?.most).toBeGreaterThanOrEqual(size);
      expect((sizes?.most ?? 0) - (sizes?.least ?? 0)).toBeLessThanOrEqual(15 * 4096);
    }),
  );
  expect(plaintextSizes(envelopeSize(4096, { size: 4000 }))).toEqual({ least: 4000, most: 4000 });
  expect(plaintextSizes(envelopeSize(4096, { size: 4112 }))).toEqual({ least: 16, most: 4112 });
  expect([0, 4096, 4096 + 71, 4096 + 72].map((bytes) => plaintextSizes(bytes)?.most)).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ]);
});
