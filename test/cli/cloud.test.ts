import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ossEnvelope } from './command';

test('cloud stays up for --local, wherever --data stands, until Ctrl-C', async () => {
  const data = await mkdtemp(join(tmpdir(), 'oss-envelope-cloud-'));
  let cloud: ChildProcess | undefined;
  const up = new Promise<void>((done) => {
    const onStart = (child: ChildProcess) => {
      cloud = child;
      child.stdout?.on('data', (text: Buffer) => text.includes('Ctrl-C stops everything') && done());
    };
    ended = ossEnvelope(['--no-color', '--data', data, 'cloud', '--parameter', 'Name=a'], { onStart });
    void ended.then(() => done());
  });
  await up;
  const { stderr } = await ossEnvelope(['--local', '--data', data, 'dead-letters', 'list', '--json']);
  cloud?.kill('SIGINT');
  const { code } = (await ended) ?? expect.fail();
  await rm(data, { recursive: true });
  // It has no queue of a deployment; it was found, and answered.
  expect([code, stderr]).toEqual([130, expect.not.stringContaining('no-local-cloud')]);
});
let ended: ReturnType<typeof ossEnvelope> | undefined;

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
