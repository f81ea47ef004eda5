import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildRuntime, type RunningFc, runFc } from '../running-fc';

/** A server that answers two at a time: whoever calls alone waits. */
async function meetingOfTwo() {
  let waiting: ServerResponse | undefined;
  const server = createServer((_, response) => {
    waiting?.end();
    if (waiting) response.end();
    waiting = waiting ? undefined : response;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc(
    {
      who: { code: `exports.handler = async () => process.pid + '';` },
      meet: {
        code: `exports.handler = async (event) => { await fetch(event.toString()); return process.pid + ''; };`,
      },
      fail: { code: `exports.handler = async (event) => { throw eval(event.toString()); };` },
      die: {
        code: `exports.handler = (event) => new Promise(() => {
          if (event.toString() === 'exit') process.exit(0);
          setImmediate(() => { throw new RangeError('uncaught'); });
        });`,
      },
      hang: {
        code: `exports.handler = (event) => event.toString() === 'ok' ? 'ok' : new Promise(() => {});`,
        props: { timeout: 1 },
      },
      spin: { code: `exports.handler = async () => { for (;;); };`, props: { timeout: 1 } },
      unborn: {
        code: `exports.initialize = async () => { throw new Error('not today ' + process.pid); }; exports.handler = async () => 1;`,
        props: { instanceLifecycleConfig: { initializer: { handler: 'index.initialize', timeout: 5 } } },
      },
      nameless: { code: `exports.other = 1;` },
    },
    { instanceLimit: 2 },
  );
});
afterAll(() => fc.close());

describe('instances', () => {
  test('an idle instance is used again [documented]', async () => {
    const first = await fc.invoke('who');
    expect((await fc.invoke('who')).data).toBe(first.data);
  });

  test('many requests at once are served by as many instances as the limit allows [documented]', async () => {
    const meeting = await meetingOfTwo();
    const pids = await Promise.all(Array.from({ length: 6 }, () => fc.invoke('meet', meeting.url)));
    expect(new Set(pids.map(({ data }) => data)).size).toBe(2);
    meeting.close();
  });

  test('an instance does not outlive the deployment [assumed]', async () => {
    const other = await runFc({ who: { code: `exports.handler = async () => process.pid + '';` } });
    const pid = Number((await other.invoke('who')).data);
    await other.close();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  test('an instance does not outlive a cloud that is killed [assumed]', async () => {
    const runtime = await buildRuntime(fc.data);
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `require('child_process').fork(${JSON.stringify(runtime)}, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
        .once('spawn', () => process.kill(process.pid, 'SIGKILL'))`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    parent.stdout.resume();
    // 'close' comes when nobody holds the pipe any more, the instance included.
    expect(await once(parent, 'close')).toEqual([null, 'SIGKILL']);
  });
});

describe('FUNCTIONS_NODE', () => {
  const by = { by: { code: `exports.handler = async () => process.execArgv.join();` } };
  const runBy = async (node: string) => {
    process.env.FUNCTIONS_NODE = node;
    return runFc(by).finally(() => delete process.env.FUNCTIONS_NODE);
  };
  const { FUNCTIONS_NODE: before } = process.env;
  afterAll(() => {
    if (before !== undefined) process.env.FUNCTIONS_NODE = before;
  });

  test('functions run by it, not by the Node of the cloud [assumed]', async () => {
    const node = join(fc.data, 'another-node');
    await writeFile(node, `#!/bin/sh\nexec '${process.execPath}' --no-warnings "$@"\n`, { mode: 0o755 });
    const other = await runBy(node);
    expect((await other.invoke('by')).data).toBe('--no-warnings');
    await other.close();
  });

  test('what is not there is refused before anything is deployed [assumed]', async () => {
    await expect(runBy('/nonexistent/node')).rejects.toThrow(
      'Cannot run functions by /nonexistent/node (FUNCTIONS_NODE): it is no program that is there',
    );
  });
});

describe('failures', () => {
  const errorOf = async (name: string, event = 'x') => {
    const { headers, data } = await fc.invoke(name, event);
    return { kind: headers['x-fc-error-type'], ...(data as Record<string, unknown>) };
  };

  test('an error thrown is handled, and the instance stays [documented]', async () => {
    expect(await errorOf('fail', `new TypeError('no')`)).toMatchObject({
      kind: 'HandledInvocationError',
      errorMessage: 'no',
      errorType: 'TypeError',
      stackTrace: expect.arrayContaining([expect.stringMatching(/^at exports\.handler /)]),
    });
    expect(await errorOf('fail', `'a text'`)).toMatchObject({ errorMessage: 'a text', stackTrace: [] });
    const [one, other] = [await errorOf('fail', 'process.pid'), await errorOf('fail', 'process.pid')];
    expect(one).toEqual(other);
  });

  test('a process that exits is unhandled, and the next request finds a new one [documented]', async () => {
    const exited = {
      kind: 'UnhandledInvocationError',
      errorMessage: expect.stringMatching(
        /^Process exited unexpectedly before completing request \(duration: \d+ms, maxMemoryUsage: [\d.]+MB\)$/,
      ),
    };
    expect(await errorOf('die', 'exit')).toMatchObject(exited);
    expect(await errorOf('die', 'throw')).toMatchObject(exited);
    expect(fc.reports.at(-1)?.logs.join('\n')).toContain('RangeError: uncaught');
  });

  test.each(['hang', 'spin'])(
    'a function that is over its timeout is killed: %s [documented]',
    async (name) => {
      expect(await errorOf(name)).toMatchObject({
        kind: 'UnhandledInvocationError',
        errorType: 'FunctionTimeoutError',
        errorMessage: 'Function timed out after 1 seconds',
      });
      if (name === 'hang') expect((await fc.invoke('hang', 'ok')).data).toBe('ok');
    },
  );

  test('a failed initializer fails the request, and the next one gets a new instance [documented]', async () => {
    const first = await errorOf('unborn');
    const second = await errorOf('unborn');
    expect(first).toMatchObject({
      kind: 'InitializationError',
      errorMessage: expect.stringContaining('not today'),
    });
    expect(second).not.toMatchObject({ errorMessage: (first as { errorMessage?: string }).errorMessage });
  });

  test('a handler that is not there is unhandled [assumed]', async () => {
    expect(await errorOf('nameless')).toMatchObject({
      kind: 'UnhandledInvocationError',
      errorMessage: "Module 'index' is missing function 'handler'.",
    });
  });
});
