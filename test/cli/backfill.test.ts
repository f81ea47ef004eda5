import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encryptTasksOf, taskId } from '../../cli/cloud/tasks';
import { resumeJournal, stateFile } from '../../cli/commands/backfill/journal';
import { readDuration, readRate } from '../../cli/commands/backfill/pace';
import { createPace } from '../../cli/session/pace';
import type { Session } from '../../cli/session/session';
import type { FcClient } from '../../functions/cloud/fc-client';
import { fcOf } from '../../functions/cloud/functions';
import { INBOX } from '../../infra/run/deployment';
import { type Bench, deployBench, hold, lettersOf, opened, put, versionsOf } from '../deployment';
import { createClient } from '../infra/local/oss/client';
import { service } from '../services';
import { linesOf, ossEnvelope, type Running } from './command';
import { operatorsOptions, operatorsTemplate } from './operator';

let bench: Bench;
let options: string[];
beforeAll(async () => {
  bench = await deployBench(await operatorsTemplate());
  options = await operatorsOptions(bench);
});
afterAll(() => bench.close());

const stateOf = (prefix: string) => join(bench.data, `${prefix.replace('/', '')}.jsonl`);

/** As an operator. */
async function backfill(prefix: string, argv: string[] = [], running: Running = {}) {
  const own = ['--rate', '1000/s', '--timeout', '20', '--state', stateOf(prefix)];
  const all = [...options, 'backfill', `oss://${INBOX}/${prefix}`, ...own, ...argv];
  const ended = await ossEnvelope(all, running);
  const lines = linesOf(ended);
  return { ...ended, items: lines.slice(0, -1), totals: lines.at(-1) ?? {} };
}

const handedOver = () => bench.calls.filter(({ operation }) => operation === 'InvokeFunction').length;

describe('what was in the inbox before', () => {
  test('is sealed, and what the function does not take is named', async () => {
    const uploader = createClient({
      endpoint: bench.cloud.oss.endpoint,
      bucket: INBOX,
      credentials: bench.cloud.root,
    });
    await put(bench, 'old/a', Buffer.from('first'));
    for (const key of ['a', 'b\u2028+ 100%', '报告'])
      await put(bench, `old/${key}`, Buffer.from(`content of ${key}`));
    await put(bench, 'old/archived', Buffer.from('x'), { 'x-oss-storage-class': 'Archive' });
    await put(bench, 'other', Buffer.from('not under the prefix'));
    await uploader.putSymlink('old/link', 'old/a', {});
    await uploader.append('old/log', Buffer.from('line'));
    await bench.cloud.idle();
    const letters = lettersOf(bench).length;

    const dry = await backfill('old/', ['--dry-run']);
    const counts = { listed: 6, invoked: 3, older: 1, withdrawn: 0, unversioned: 0 };
    expect(dry.totals).toMatchObject({ ...counts, refused: { 'source-archived': 1 } });
    expect([dry.code, handedOver()]).toEqual([0, 0]);

    const ended = await backfill('old/');
    expect(JSON.parse(ended.stderr)).toMatchObject({ error: { code: 'in-part' } });
    expect(ended.totals).toEqual({
      ...{ listed: 6, sealed: 3, 'already-sealed': 0, superseded: 0, waiting: 0, gone: 0, doubts: 3 },
      refused: { 'source-archived': 1, 'source-symlink': 1, 'source-appendable': 1 },
      deadLetters: { before: letters, now: letters },
    });
    expect([ended.code, handedOver()]).toEqual([3, 3]);
    for (const key of ['a', 'b\u2028+ 100%', '报告'])
      expect((await opened(bench, `old/${key}`)).toString()).toBe(`content of ${key}`);
    expect(await versionsOf(bench.inbox, 'old/a')).toEqual([]);

    for (const key of ['archived', 'link', 'log'])
      for (const { versionId } of await versionsOf(bench.inbox, `old/${key}`))
        await bench.inbox.delete(`old/${key}`, { versionId });
    const again = await backfill('old/');
    expect(again.totals).toMatchObject({ listed: 6, sealed: 3, gone: 3, doubts: 0 });
    expect([again.code, handedOver()]).toEqual([0, 3]);
    await expect(readFile(stateOf('old/'))).rejects.toThrow('ENOENT');
  });

  test('goes on where it was broken off, even within a line of its state', async () => {
    for (const key of ['1', '2', '3', '4']) await put(bench, `again/${key}`, Buffer.from(key));
    let calls = 0;
    const { reached, release } = hold(
      bench,
      ({ operation }) => operation === 'InvokeFunction' && ++calls === 3,
      'lost',
    );
    const broken = await backfill('again/', ['--parallel', '1'], {
      onStart: (child) => void reached.then(() => child.kill('SIGINT')),
    });
    release();
    expect(broken.code).toBe(130);
    expect(JSON.parse(broken.stderr)).toMatchObject({
      error: { left: expect.stringContaining('goes on there') },
    });
    const lines = (await readFile(stateOf('again/'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ key }) => key)).toEqual([undefined, 'again/1', 'again/2']);
    await appendFile(stateOf('again/'), '{"key":"again/3","ver');
    const before = handedOver();
    const ended = await backfill('again/');
    expect(ended.totals).toMatchObject({ listed: 4, sealed: 4, doubts: 0 });
    expect([ended.code, handedOver() - before]).toEqual([0, 2]);
  });

  test('stays where it is when it fails, and is named as soon as its letter is there', async () => {
    await put(bench, 'failing/1', Buffer.from('x'));
    const refused = { error: { code: 'Rejected.Disabled', status: 400 } };
    bench.cloud.faults.add({ match: { operation: 'GenerateDataKey' }, do: refused });
    const { code, items, totals } = await backfill('failing/');
    expect(items.at(-1)).toMatchObject({ key: 'failing/1', doubt: 'waiting' });
    expect(totals).toMatchObject({ waiting: 1, doubts: 1, deadLetters: { first: { code: 'kms-refused' } } });
    expect(code).toBe(3);
  });

  test('goes on with the state that an earlier version left in the folder, and says so', async () => {
    const cwd = await mkdtemp(join(bench.data, 'folder-'));
    const place = `oss://${INBOX}/none/`;
    const { accountId: account, region } = bench.cloud;
    const known = { place, account, region, deployment: 'oss-envelope', startedAt: new Date().toISOString() };
    const old = `backfill-none_-${createHash('sha256').update(place).digest('hex').slice(0, 8)}.jsonl`;
    await writeFile(join(cwd, old), written(known));
    const ended = await ossEnvelope([...options.slice(0, -1), 'backfill', place], { cwd });
    expect([ended.code, ended.stderr]).toEqual([
      0,
      `${old} of this folder, where earlier versions kept it, is gone on with\n`,
    ]);
    expect(await readdir(cwd)).toEqual([]);
  });

  test('keeps its state where state belongs, for each account, region, deployment and local cloud', async () => {
    vi.stubEnv('XDG_STATE_HOME', bench.data);
    const place = { bucket: 'inbox', key: 'a/' };
    const files = [what, what, { ...what, account: '2' }].map((one) => stateFile(place, one, undefined));
    const [first, same, other, local] = await Promise.all([...files, stateFile(place, what, '.data')]);
    vi.unstubAllEnvs();
    expect(first?.file).toMatch(/\/oss-envelope\/backfill-a_-[0-9a-f]{8}\.jsonl$/);
    expect(first?.file.startsWith(bench.data)).toBe(true);
    expect([same, new Set([first, other, local].map((one) => one?.file)).size]).toEqual([first, 3]);
  });

  test('is not touched where the state is of another place, or the bucket is not the inbox', async () => {
    const elsewhere = { ...what, place: `oss://${INBOX}/elsewhere/` };
    const other = resumeJournal(stateOf('failing/'), elsewhere, notBegun);
    await expect(other).rejects.toMatchObject({ code: 'config-wrong', exit: 2 });
    const vault = await ossEnvelope([...options, 'backfill', 'oss://oss-envelope-vault/']);
    expect([vault.code, JSON.parse(vault.stderr)]).toMatchObject([2, { error: { code: 'usage-wrong' } }]);
  });
});

const what = { place: 'oss://inbox/a/', account: '1', region: 'r', deployment: 'd' };
const beginning = { ...what, startedAt: '2026-01-01T00:00:00.000Z' };
const step = (key: string) => ({ key, versionId: 'v' });
const notBegun = () => expect.fail('it is begun');
const written = (...lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('the state', () => {
  const [first, second] = [step('a/1'), step('a/2')];
  const state = () => stateOf('state');

  test.each([
    ['of another account', written({ ...beginning, account: '2' })],
    ['of another region', written({ ...beginning, region: 's' })],
    ['of another deployment', written({ ...beginning, deployment: 'e' })],
    ['without a time', written({ ...beginning, startedAt: 'x' })],
    ['that is something else', 'precious'],
    ['that is something else, in lines', 'pre\ncious\n'],
    ['with a line that is none', `${written(beginning, first)}nonsense\n${written(second)}`],
    ['with null', written(beginning, null, second)],
    ['with a step twice', written(beginning, first, first)],
    ['with steps the wrong way round', written(beginning, second, first)],
    ['with a step of elsewhere', written(beginning, step('b'))],
  ])('%s is refused, and stays as it is', async (_, text) => {
    await writeFile(state(), text);
    await expect(resumeJournal(state(), what, notBegun)).rejects.toMatchObject({
      code: 'config-wrong',
      exit: 2,
    });
    expect(await readFile(state(), 'utf8')).toBe(text);
  });

  test.each([
    ['', undefined],
    ['{"pla', undefined],
    [written(beginning).slice(0, -1), undefined],
    [written(beginning), undefined],
    [`${written(beginning, first)}{"key":"a/2","ver`, 'a/1'],
    [written(beginning, first, second), 'a/2'],
  ])('that ends like %j is gone on with, by one alone', async (text, lastKey) => {
    await writeFile(state(), text);
    const { startedAt } = beginning;
    const journal = await resumeJournal(state(), what, async () => ({ startedAt }));
    await expect(resumeJournal(state(), what, notBegun)).rejects.toMatchObject({ code: 'in-use', exit: 6 });
    expect([journal.lastKey, journal.beginning]).toEqual([lastKey, beginning]);
    await journal.write(step('a/3'));
    const steps = [];
    for await (const one of journal.steps()) steps.push(one.key);
    expect(steps.at(-1)).toBe('a/3');
    await journal.close();
    await (await resumeJournal(state(), what, notBegun)).close();
  });
});

test('an older upload that has come to light is not taken for a newer one', async () => {
  await put(bench, 'light/1', Buffer.from('older'));
  // OSS knows whole seconds only: the backfill begins in a later one.
  await bench.cloud.clock.advance(1000);
  const handed = await put(bench, 'light/1', Buffer.from('newer'));
  const { reached, release } = hold(bench, ({ operation }) => operation === 'InvokeFunction');
  bench.cloud.faults.add({
    match: { operation: 'GenerateDataKey' },
    times: 1e15,
    do: { error: { code: 'Rejected.Disabled', status: 400 } },
  });
  const running = backfill('light/');
  await reached;
  await bench.inbox.delete('light/1', { versionId: handed.versionId });
  release();
  const { code, totals } = await running;
  expect([code, totals]).toMatchObject([3, { superseded: 0, waiting: 1, doubts: 1 }]);
});

describe('the task id', () => {
  const version = { key: 'k', eTag: 'E', versionId: 'v', size: 1, type: 'Normal' as const, lastModified: '' };
  const tasksOf = (request: (...args: unknown[]) => Promise<unknown>) =>
    encryptTasksOf({
      ...{ region: 'r', deployment: { name: 'n', inboxBucket: 'inbox' } },
      fc: () => fcOf(service({ request } as unknown as FcClient)),
      accountId: async () => '1',
    } as unknown as Session);

  test('is sent, the same for the same version', async () => {
    const headers: unknown[] = [];
    const tasks = tasksOf(async (...args) => headers.push(args[4]));
    expect([await tasks.announceOnce(version, 'test'), await tasks.announceOnce(version, 'test')]).toEqual([
      true,
      true,
    ]);
    const id = taskId({ bucket: 'inbox', key: 'k', versionId: 'v' });
    expect(id).toMatch(/^b_[0-9a-f]{64}$/);
    expect(headers).toEqual(Array(2).fill({ 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': id }));
  });

  test('that Function Compute knows is no failure, whatever it refuses else is', async () => {
    const refusing = (status: number) =>
      tasksOf(async () => Promise.reject(new Error(`POST / failed with ${status}.`)));
    expect(await refusing(409).announceOnce(version, 'test')).toBe(false);
    await expect(refusing(403).announceOnce(version, 'test')).rejects.toMatchObject({ code: 'fc-refused' });
    await expect(refusing(409).announce(version, 'test')).rejects.toMatchObject({ code: 'fc-refused' });
  });
});

describe('the rate', () => {
  test('is kept evenly, and what was late is not made up for', async () => {
    let clock = 0;
    const times: number[] = [];
    const pace = createPace(4, {
      now: () => clock,
      async sleep(ms) {
        clock += ms;
      },
    });
    for (const late of [0, 0, 0, 1000, 0, 0]) {
      clock += late;
      await pace();
      times.push(clock);
    }
    expect(times).toEqual([0, 250, 500, 1500, 1750, 2000]);
  });

  test.each([
    ['20', 20],
    ['20/s', 20],
    ['90/m', 1.5],
    ['0', undefined],
    ['1001', undefined],
    ['ten', undefined],
  ])('%s', (text, rate) => {
    if (rate === undefined) expect(() => readRate(text)).toThrow('Give a number');
    else expect(readRate(text)).toBe(rate);
  });

  test.each([
    ['90', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
  ])('%s', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });
});
