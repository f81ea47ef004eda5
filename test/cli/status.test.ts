import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Times, waitingIn } from '../../cli/commands/status/reason';
import type { Version } from '../../functions/cloud/versions';
import { INBOX, VAULT } from '../../infra/run/deployment';
import { ask, type Bench, deployBench, eventOf, invokeLater, put, upload } from '../deployment';
import { createClient } from '../infra/local/oss/client';
import { linesOf, ossEnvelope, type Running } from './command';
import { operatorsOptions, operatorsTemplate } from './operator';

const ENCRYPT = 'oss-envelope-encrypt';

let bench: Bench;
let options: string[];
beforeAll(async () => {
  bench = await deployBench(await operatorsTemplate());
  options = await operatorsOptions(bench);
});
afterAll(() => bench.close());

/** As an operator. */
async function status(argv: string[] = [], running: Running = {}) {
  const ended = await ossEnvelope([...options, 'status', ...argv], running);
  const lines = linesOf(ended);
  return { ...ended, items: lines.slice(0, -1), whole: lines.at(-1) ?? {} };
}

/** The same as a person sees it. */
async function screen(...argv: string[]) {
  const { stdout, stderr } = await ossEnvelope([
    ...options.filter((one) => one !== '--json'),
    'status',
    ...argv,
  ]);
  return { said: stdout.toString(), stderr };
}

describe('an operator', () => {
  test('sees in one screen why an appended object and a symlink wait', async () => {
    const uploader = createClient({
      endpoint: bench.cloud.oss.endpoint,
      bucket: INBOX,
      credentials: bench.cloud.root,
    });
    await upload(bench, 'sealed', Buffer.from('sealed'));
    await ask(bench, { key: 'sealed' });
    await uploader.append('log', Buffer.from('line'));
    await uploader.putSymlink('link', 'sealed', {});
    await bench.cloud.idle();
    const calls = bench.calls.length;
    const { said, stderr } = await screen();
    expect(stderr).toBe('');
    const moment = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
    const expected = [
      `inbox      oss://${INBOX}/  2 versions`,
      `  refused: source-symlink      link, \\d+ s old, next ${moment}`,
      '    encrypt does not take it',
      '    to do: upload the object that the link points to',
      `  refused: source-appendable   log, \\d+ s old, next ${moment}`,
      '    encrypt does not take it',
      '    to do: set ENVELOPE_APPENDABLE_QUIET_SECONDS and deploy',
      `vault      oss://${VAULT}/  1 envelope, 6 bytes; below 0, the newest \\d+ s old: sealed`,
      'queue      oss-envelope-dead-letter  empty',
      `downloads  oss://oss-envelope-downloads/  1 plaintext, 6 bytes, the oldest until ${moment}`,
    ];
    expect(said.trimEnd().split('\n').toSorted()).toEqual(
      expected.toSorted().map((line) => expect.stringMatching(`^${line}$`)),
    );
    const operations = new Set(bench.calls.slice(calls).map(({ operation }) => operation));
    expect([...operations].toSorted()).toEqual([
      'GetCallerIdentity',
      'GetQueueAttributes',
      'ListObjectVersions',
      'ListObjectsV2',
      'PeekMessage',
    ]);
  });

  test('sees each kind counted, for programs, and what cannot be seen does not hide the rest', async () => {
    const { objects } = await bench.inbox.getBucketVersions({ maxKeys: 10 });
    const eTag = objects.find(({ name }) => name === 'link')?.etag ?? '';
    await invokeLater(bench, ENCRYPT, eventOf({ key: 'link', eTag }));
    await put(bench, 'twice', Buffer.from('first'));
    await put(bench, 'twice', Buffer.from('second'));
    await put(bench, 'withdrawn', Buffer.from('gone'));
    await bench.inbox.deleteMulti(['withdrawn'], { quiet: true });
    const all = await status();
    expect([all.code, all.whole]).toEqual([0, { items: 8, untold: 0 }]);
    const kinds = Object.fromEntries(all.items.slice(0, 5).map(({ kind, ...rest }) => [kind, rest]));
    expect(kinds).toMatchObject({
      'dead-lettered': { code: 'source-symlink', key: 'link', count: 1 },
      refused: { code: 'source-appendable', key: 'log', bytes: 4 },
      'on-its-way': { key: 'twice', count: 1, bytes: 6, isCurrent: true },
      superseded: { key: 'twice', count: 1, bytes: 5, isCurrent: false },
      withdrawn: { key: 'withdrawn', until: expect.any(String) },
    });
    expect(all.items.slice(5)).toMatchObject([
      {
        bucket: VAULT,
        envelopes: 1,
        versions: 1,
        bytesAtLeast: 6,
        bytesAtMost: 6,
        newest: { key: 'sealed' },
        isAll: true,
      },
      { active: 1, inactive: 0, first: { code: 'source-symlink', keys: ['link'] } },
      { plaintexts: 1, bytes: 6 },
    ]);

    const denied = { error: { code: 'AccessDenied', status: 403 } };
    bench.cloud.faults.add({ match: { operation: 'ListObjectsV2' }, do: denied });
    const part = await status();
    await bench.cloud.faults.clear();
    expect([part.code, JSON.parse(part.stderr).error.code, part.items.at(-1)]).toMatchObject([
      3,
      'in-part',
      { section: 'downloads', error: { code: 'oss-refused' } },
    ]);
  });

  test('sees all that there is of a key, and that another is not there', async () => {
    const [two, none, elsewhere, empty] = await Promise.all([
      status([`oss://${INBOX}/twice`, 'sealed', 'nowhere']),
      status(['nowhere']),
      status(['oss://other-bucket/a']),
      status(['']),
    ]);
    expect(two.items).toMatchObject([
      { bucket: INBOX, key: 'twice', kind: 'on-its-way' },
      { bucket: INBOX, key: 'twice', kind: 'superseded' },
      { bucket: VAULT, key: 'sealed', bytes: 6, sealedAt: expect.any(String), keyArns: [expect.any(String)] },
      { key: 'nowhere', isMissing: true },
    ]);
    expect([two.code, none.code, elsewhere.code, empty.code]).toEqual([3, 1, 2, 2]);
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { code: 'file-missing' } });
    expect((await screen('sealed')).said).toMatch(/6 bytes, sealed at .* under acs:kms:/);
  });

  test('watches it until Ctrl-C, which is no failure', async () => {
    const watched = await status(['--watch'], {
      onStart: (child) => {
        let said = '';
        child.stdout?.on('data', (piece) => {
          said += piece;
          if (said.includes('"untold"')) child.kill('SIGINT');
        });
      },
    });
    expect([watched.code, watched.stderr, watched.whole]).toEqual([0, '', { items: 8, untold: 0 }]);
  });
});

describe('why a version waits', () => {
  const now = new Date('2026-01-01T12:00:00Z');
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const times: Times = { grace: 900, withdrawn: 3600, quiet: 7200 };
  const version = (seconds: number, rest: Partial<Version> = {}): Version => ({
    ...{ key: 'k', versionId: 'v', eTag: 'E', size: 1, lastModified: ago(seconds), isCurrent: true },
    ...{ type: 'Normal', storageClass: 'Standard', ...rest },
  });
  const marker = { key: 'k', versionId: 'm', lastModified: ago(600) };
  const rows: [string, Version, Partial<Times>, string, string | undefined, string | undefined][] = [
    ['young', version(60), {}, 'on-its-way', undefined, ago(60 - 900)],
    ['old', version(1000), {}, 'waiting', undefined, ago(1000 - 1800)],
    ['days old', version(200_000), {}, 'waiting', undefined, ago(200_000 - 259_200)],
    ['growing', version(10, { type: 'Appendable' }), {}, 'growing', undefined, ago(10 - 7200)],
    ['complete', version(7201, { type: 'Appendable' }), {}, 'waiting', undefined, ago(7201 - 14_400)],
    [
      'appended',
      version(10, { type: 'Appendable' }),
      { quiet: undefined },
      'refused',
      'source-appendable',
      ago(10 - 900),
    ],
    ['archived', version(10, { storageClass: 'Archive' }), {}, 'refused', 'source-archived', ago(10 - 900)],
    ['dotted', version(10, { key: 'a/../b' }), {}, 'refused', 'key-unsupported', ago(10 - 900)],
    ['deleted', version(10, { isCurrent: false }), {}, 'withdrawn', undefined, ago(600 - 3600)],
    [
      'deleted for ever',
      version(10, { isCurrent: false, versionId: 'null' }),
      {},
      'withdrawn',
      undefined,
      undefined,
    ],
  ];
  test.each(rows)('%s', (_, one, more, kind, code, until) => {
    const markers = one.isCurrent ? [] : [marker];
    const holding = { key: one.key, versions: [one], markers, answeredAt: now };
    const [waiting] = waitingIn({ times: { ...times, ...more }, letter: undefined }, holding);
    expect(waiting?.reason).toMatchObject({ kind, ...(code && { code }) });
    expect(waiting?.reason.until?.toISOString()).toBe(until);
  });
});
