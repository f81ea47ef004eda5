import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareKeys, sideBySide } from '../../cli/cloud/holdings';
import { headsDirectly } from '../../cli/commands/reconcile/heads';
import { unfinished } from '../../cli/commands/reconcile/unfinished';
import { createSession, type Session } from '../../cli/session/session';
import { asFailure } from '../../cli/terminal/failure';
import type { OssClient } from '../../functions/cloud/oss-client';
import { collect } from '../../functions/cloud/pieces';
import { vaultIn } from '../../functions/cloud/vault';
import type { Version } from '../../functions/cloud/versions';
import { parseHeader, rewriteHeader } from '../../functions/envelope/header';
import { VAULT } from '../../infra/run/deployment';
import { type Bench, deployBench, opened, put, upload, versionsOf } from '../deployment';
import { plant } from '../functions/encrypt/forged';
import { bucketBy } from '../services';
import { linesOf, localOptions, ossEnvelope } from './command';
import { operatorsOptions, operatorsTemplate } from './operator';

let bench: Bench;
let asOperator: string[];
beforeAll(async () => {
  bench = await deployBench(await operatorsTemplate());
  asOperator = await operatorsOptions(bench);
});
afterAll(() => bench.close());

const DENIED = { error: { code: 'AccessDenied', status: 403 } };

/** Nothing counts as on its way. */
async function reconcile(options: string[], ...argv: string[]) {
  const ended = await ossEnvelope([...options, 'reconcile', ...argv], {
    env: { ENVELOPE_GRACE_SECONDS: '0' },
  });
  const lines = linesOf(ended);
  const doubts = lines.slice(0, -1).map(({ key, what }) => `${key}: ${what}`);
  return { ...ended, doubts, items: lines.slice(0, -1), totals: lines.at(-1) ?? {} };
}

async function bytesOf(key: string): Promise<Buffer> {
  const { stream } = await bench.vault.getStream(key, {});
  return collect(stream);
}

/** An envelope of this place under a key that is nobody's here. */
async function planted(key: string): Promise<Buffer> {
  await upload(bench, key, Buffer.from('genuine'));
  const bytes = await bytesOf(key);
  const header = parseHeader(bytes);
  const keys = header.wrappedKeys.map((one) => ({ ...one, keyArn: one.keyArn.replace(/\/.*/, '/another') }));
  return Buffer.concat([rewriteHeader(header, keys), bytes.subarray(header.length)]);
}

/** One in each state that a key can be in; resolves with what is to be said of each. */
async function makeDoubts(): Promise<string[]> {
  const { inbox, vault, cloud } = bench;
  await put(bench, 'd/archived', Buffer.from('x'), { 'x-oss-storage-class': 'Archive' });
  await upload(bench, 'd/covered', Buffer.from('covered'));
  await vault.put('d/covered', Buffer.from('by something else'), {});
  await upload(bench, 'd/cut', Buffer.from('cut'));
  await vault.put('d/cut', (await bytesOf('d/cut')).subarray(0, -1), {});
  await vault.put('d/foreign', Buffer.from('no envelope'), {});
  await plant(bench, 'd/forged', { keyArn: 'acs:kms:cn-hangzhou:666:key/k' });
  await upload(bench, 'd/future', Buffer.from('future'));
  await plant(bench, 'd/future', { sealedAt: '9999-12-31T23:59:59.999Z' });
  await upload(bench, 'd/hidden', Buffer.from('hidden'));
  await vault.deleteMulti(['d/hidden'], { quiet: true });
  await vault.put('d/moved', await bytesOf('clean'), {});
  await upload(bench, 'd/order', Buffer.from('older'));
  await upload(bench, 'd/order', Buffer.from('newer'));
  const older = (await vaultIn(bucketBy(VAULT, vault)).versions('d/order'))[1];
  if (older) await vaultIn(bucketBy(VAULT, vault)).putOnTop(older);
  cloud.faults.add({ match: { operation: 'DeleteObject', key: 'd/twin' }, times: 10, do: DENIED });
  await upload(bench, 'd/twin', Buffer.from('twin'));
  await cloud.faults.clear();
  await put(bench, 'd/unsealed', Buffer.from('superseded'));
  await put(bench, 'd/unsealed', Buffer.from('unsealed'));
  await put(bench, 'd/withdrawn', Buffer.from('withdrawn'));
  await inbox.deleteMulti(['d/withdrawn'], { quiet: true });
  return [
    'd/archived: not-taken',
    'd/covered: no-envelope',
    'd/cut: no-envelope',
    'd/foreign: no-envelope',
    'd/forged: foreign-key',
    'd/future: unbelievable',
    'd/hidden: hidden',
    'd/moved: no-envelope',
    'd/order: out-of-order',
    'd/twin: sealed-not-removed',
    'd/unsealed: unsealed',
  ];
}

describe('inbox and vault', () => {
  test('are in order where every upload is sealed', async () => {
    await upload(bench, 'clean', Buffer.from('clean'));
    await upload(bench, 'twice', Buffer.from('first'));
    await upload(bench, 'twice', Buffer.from('second'));
    bench.cloud.faults.add({ match: { operation: 'ListMultipartUploads' }, do: DENIED });
    const { code, totals, doubts, stderr } = await reconcile(asOperator);
    expect([stderr, doubts, code]).toEqual(['', [], 0]);
    expect(totals).toMatchObject({
      keys: 2,
      plaintext: 0,
      envelopes: 2,
      olderEnvelopes: 1,
      areUploadsKnown: false,
      areKeysKnown: true,
    });
  });

  test('are in doubt by name, to an operator and to the owner, until what can be is put right', async () => {
    const expected = await makeDoubts();
    await bench.vault.put('planted', await planted('planted'), {});
    // For each of these an instance of the decrypt function is started.
    const operators = await reconcile(asOperator, '--parallel', '2');
    expect([operators.doubts, operators.code]).toEqual([[...expected, 'planted: foreign-key'], 3]);
    expect(JSON.parse(operators.stderr)).toMatchObject({
      error: { code: 'in-part', message: expect.stringContaining(': 12 in doubt') },
    });
    expect(operators.totals).toMatchObject({
      ...{ keys: 15, plaintext: 3, envelopes: 11, superseded: 1, withdrawn: 1, doubts: 12, handedOver: 0 },
      areUploadsKnown: true,
    });

    const owners = [...(await localOptions(bench)), '--json'];
    expect((await reconcile(owners, '--direct', '--prefix', 'planted')).doubts).toEqual([
      'planted: foreign-key',
    ]);
    const fixed = await reconcile(owners, '--direct', '--deep', '--prefix', 'd/', '--fix');
    expect(fixed.doubts).toEqual(expected);
    expect(fixed.items.filter(({ isFixed }) => isFixed).map(({ key }) => key)).toEqual([
      'd/covered',
      'd/cut',
      'd/future',
      'd/order',
      'd/twin',
      'd/unsealed',
    ]);
    expect(fixed.totals).toMatchObject({ handedOver: 6, areUploadsKnown: true });
    await bench.cloud.idle();
    for (const [key, content] of Object.entries({
      covered: 'covered',
      cut: 'cut',
      future: 'future',
      order: 'newer',
      twin: 'twin',
      unsealed: 'unsealed',
    }))
      expect((await opened(bench, `d/${key}`)).toString()).toBe(content);
    expect(await versionsOf(bench.inbox, 'd/twin')).toEqual([]);
    const left = expected.filter((line) => !/covered|cut|future|order|twin|unsealed/.test(line));
    const [after, names] = await Promise.all([
      reconcile(owners, '--direct', '--prefix', 'd/'),
      reconcile(asOperator, '--inbox'),
    ]);
    expect(after.doubts).toEqual(left);
    expect([names.doubts, names.totals.headers]).toEqual([['d/archived: not-taken'], 0]);
    // Who may list the vault may not read it.
    const [, , data = ''] = asOperator;
    const session = await createSession(
      { local: true, data, env: '/dev/null', color: false },
      AbortSignal.any([]),
    );
    const [clean] = await vaultIn(bucketBy(VAULT, bench.vault)).versions('clean');
    const refused = asFailure(
      await headsDirectly(session)(clean as Version).catch((error: unknown) => error),
    );
    expect([refused.exit, refused.code]).toEqual([5, 'oss-refused']);
  });
});

test('an upload that began more than a day ago and has not ended is in doubt', async () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 0, 3) - hours * 3_600_000).toISOString();
  const uploads = [
    { name: 'p%2Fold', uploadId: '1', initiated: at(25) },
    { name: 'p%2Fyoung', uploadId: '2', initiated: at(23) },
    { name: 'other', uploadId: '3', initiated: at(99) },
  ];
  const session = {
    oss: () =>
      bucketBy('b', { listUploads: async () => ({ uploads, isTruncated: false }) } as unknown as OssClient),
  } as unknown as Session;
  const found = await unfinished(session, { bucket: 'b', key: 'p/' }, new Date(Date.UTC(2026, 0, 3)));
  expect(found).toMatchObject([
    { key: 'p/old', what: 'unfinished', why: expect.stringContaining('25 hours') },
  ]);
});

describe('two listings side by side', () => {
  const sequence = async function* (...keys: string[]) {
    for (const key of keys) yield { key };
  };
  const rows: [string[], string[], string[]][] = [
    [[], [], []],
    [['a'], [], ['a-']],
    [[], ['a'], ['-a']],
    [
      ['a', 'c'],
      ['b', 'c', 'd'],
      ['a-', '-b', 'cc', '-d'],
    ],
    // By bytes, not by UTF-16 units.
    [['\uffee', '\u{1f600}'], ['\u{1f600}'], ['\uffee-', '\u{1f600}\u{1f600}']],
  ];
  test.each(rows)('%j, %j', async (lefts, rights, expected) => {
    const found: string[] = [];
    for await (const { left, right } of sideBySide(sequence(...lefts), sequence(...rights)))
      found.push(`${left?.key ?? '-'}${right?.key ?? '-'}`);
    expect(found).toEqual(expected);
    expect([...lefts].sort(compareKeys)).toEqual(lefts);
  });
});
