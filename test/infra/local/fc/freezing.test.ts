import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newFolder } from '../new-folder';
import { buildRuntime, type RunningFc, runFc } from './running-fc';

/** The kernel's letter for a process: T for stopped. Undefined when it is gone. */
function stateOf(pid: number): string | undefined {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

async function untilState(pid: number, state: string | undefined): Promise<void> {
  while (stateOf(pid) !== state) await setImmediate();
}

const preStop = { instanceLifecycleConfig: { preStop: { handler: 'index.preStop', timeout: 1 } } };
let time = Date.now();
let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc(
    {
      count: {
        code: `exports.handler = async () => { setInterval(() => undefined, 1); return process.pid + ''; };`,
      },
      leave: {
        code: `const { appendFileSync } = require('node:fs');
          exports.handler = async () => process.pid + '';
          exports.preStop = async (context) => { appendFileSync('left', context.function.name); return 'ignored'; };`,
        props: preStop,
      },
      linger: {
        code: `exports.handler = async () => process.pid + ''; exports.preStop = () => new Promise(() => {});`,
        props: preStop,
      },
      stumble: {
        code: `exports.handler = async () => process.pid + ''; exports.preStop = async () => { throw new Error('no'); };`,
        props: preStop,
      },
    },
    { now: () => time },
  );
});
afterAll(() => fc.close());

const pidOf = async (name: string) => Number.parseInt(String((await fc.invoke(name)).data), 10);

describe.runIf(process.platform === 'linux')('an instance', () => {
  test('is frozen once it has answered, timers and all, and goes on with the next request [documented]', async () => {
    const pid = await pidOf('count');
    await untilState(pid, 'T');
    expect(await pidOf('count')).toBe(pid);
  });

  test('that is frozen does not outlive a cloud that is killed [assumed]', async () => {
    const folder = await newFolder();
    const runtime = await buildRuntime(folder);
    const outfile = join(folder, 'parent.cjs');
    const contents = `
      import { startInstance } from './instance';
      const [code, runtime] = process.argv.slice(2);
      const spec = { name: 'count', handler: 'index.handler', code, timeout: 10, memorySize: 512,
        environmentVariables: {}, asyncInvoke: { maxRetryAttempts: 0, maxEventAge: 60, isTask: false },
        ossTriggers: [], timerTriggers: [] };
      const credentials = { accessKeyId: '', accessKeySecret: '', securityToken: '' };
      const instance = startInstance(spec, { runtime, accountId: '1', region: 'r', now: Date.now, instanceId: 'c', credentials });
      const context = { requestId: '1', credentials, function: { name: 'count' }, service: {}, region: 'r', accountId: '1' };
      instance.invoke({ type: 'invoke', event: Buffer.alloc(0), handler: 'index.handler', context })
        .then(({ body }) => process.stdout.write(body, () => process.kill(process.pid, 'SIGKILL')));`;
    await build({
      stdin: { contents, resolveDir: join(__dirname, '../../../../infra/local/fc/instances'), loader: 'ts' },
      ...{ outfile, bundle: true, platform: 'node', format: 'cjs' },
    });
    const parent = spawn(process.execPath, [outfile, join(fc.data, 'app', 'count'), runtime]);
    let out = '';
    parent.stdout.on('data', (chunk) => {
      out += chunk;
    });
    expect(await once(parent, 'close')).toEqual([null, 'SIGKILL']);
    await untilState(Number.parseInt(out, 10), undefined);
  });
});

describe('an instance that is let go', () => {
  test('after five idle minutes runs its preStop hook and ends [assumed]', async () => {
    const pid = await pidOf('leave');
    await fc.tick();
    expect(() => process.kill(pid, 0)).not.toThrow();
    time += 5 * 60_000;
    await fc.tick();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(await readFile(join(fc.data, 'fc', 'code', 'leave', 'left'), 'utf8')).toBe('leave');
    expect(await pidOf('leave')).not.toBe(pid);
  });

  test.each(['linger', 'stumble'])(
    'ends whatever comes of its preStop hook, by its timeout: %s [documented]',
    async (name) => {
      const pid = await pidOf(name);
      time += 5 * 60_000;
      await fc.tick();
      expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    },
  );

  test('by the end of the deployment runs its preStop hook too [documented]', async () => {
    const code = `exports.handler = async () => 1; exports.preStop = async () => require('node:fs').writeFileSync('left', '');`;
    const other = await runFc({ f: { code, props: preStop } });
    await other.invoke('f');
    await other.close();
    expect(await readFile(join(other.data, 'fc', 'code', 'f', 'left'), 'utf8')).toBe('');
  });
});
