import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, ossEnvelope } from './command';

const BUCKETS = ['InboxBucket', 'VaultBucket', 'DownloadsBucket', 'AccessLogBucket'];

test('cloud stays up for --local, wherever --data stands, until Ctrl-C', async () => {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-cloud-'));
  const parameters = BUCKETS.flatMap((name) => ['--parameter', `${name}=my-${name.toLowerCase()}`]);
  const { ended, up } = start([
    '--no-color',
    '--data',
    data,
    'cloud',
    '--template',
    'infra/template.yaml',
    ...parameters,
  ]);
  const cloud = await up;
  const { code, stderr } = await ossEnvelope([
    '--local',
    '--data',
    data,
    'seal',
    'LICENSE',
    '-o',
    join(data, 'sealed'),
  ]);
  cloud.kill('SIGINT');
  expect([code, stderr]).toEqual([0, '']);
  expect((await ended).code).toBe(130);
  await rm(data, { recursive: true });
});

/** `up`: the process, once it has said that it is up. */
function start(argv: string[]) {
  let ended = new Promise<Ended>(() => {});
  const up = new Promise<ChildProcess>((done, fail) => {
    const onStart = (child: ChildProcess) =>
      child.stdout?.on('data', (text: Buffer) => text.includes('Ctrl-C stops everything') && done(child));
    ended = ossEnvelope(argv, { onStart });
    ended.then(({ stderr }) => fail(new Error(stderr)), fail);
  });
  return { ended, up };
}

test.each([
  [['cloud', '--region', 'cn-x'], 'Cannot use --region: it means nothing to a cloud of this machine'],
  [['--json', 'cloud'], 'Cannot use --json: it means nothing to a cloud of this machine'],
  [
    ['cloud', '--prot', '9'],
    "Cannot understand the command line: unknown option '--prot' (Did you mean --port?)",
  ],
])('%j is refused', async (argv, message) => {
  const { code, stderr } = await ossEnvelope(argv);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(stderr).toContain('usage-wrong');
  expect(stderr).toContain('see oss-envelope cloud --help');
});
