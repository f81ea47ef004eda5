import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, type RunningFc, runFc } from '../running-fc';

// Tasks that wait call it, so that a test knows that they run.
const waiting: http.ServerResponse[] = [];
const server = http.createServer((_, response) => void waiting.push(response)).listen(0, '127.0.0.1');
let time = Date.now();
let fc: RunningFc;
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const task = { asyncInvokeConfig: { asyncTask: true, maxAsyncRetryAttempts: 1 } };
  fc = await runFc(
    {
      work: { code: `exports.handler = async (event) => 'done ' + event;`, props: task },
      fail: { code: `exports.handler = async () => { throw new Error('no'); };`, props: task },
      wait: { code: `exports.handler = () => fetch('${url}');`, props: task },
      plain: { code: `exports.handler = async () => 1;` },
    },
    { now: () => time, clientTime: () => time },
  );
});
afterAll(async () => {
  server.close();
  for (const response of waiting) response.end();
  await fc.close();
});

type Task = { taskId: string; status: string; events: { status: string }[] } & Record<string, unknown>;
const request = async (method: string, path: string, query: Record<string, string> | null = null) => {
  const { data } = await fc.clientOf(fc.accessKeys.root).request(method, path, query, '');
  return data as Record<string, unknown>;
};
const getAsyncTask = (name: string, id: string) =>
  request('GET', `/functions/${name}/async-tasks/${id}`) as Promise<Task>;
const listAsyncTasks = async (name: string, query: Record<string, string> = {}) => {
  const { tasks, nextToken } = await request('GET', `/functions/${name}/async-tasks`, query);
  return { tasks: tasks as Task[], nextToken };
};
const stopAsyncTask = (name: string, id: string) =>
  request('PUT', `/functions/${name}/async-tasks/${id}/stop`);
const start = (name: string, id: string, more = {}) =>
  fc.invoke(name, id, { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': id, ...more });
const statuses = ({ events }: Task) => events.map(({ status }) => status);

describe('GetAsyncTask', () => {
  test('a task that succeeded tells how it came to it [documented]', async () => {
    const { headers } = await start('work', 'one');
    await fc.idle();
    const task = await getAsyncTask('work', 'one');
    expect(task).toMatchObject({
      ...{ taskId: 'one', requestId: headers['x-fc-request-id'], status: 'Succeeded' },
      ...{ functionArn: `acs:fc:cn-hangzhou:${accountId}:functions/work`, qualifier: 'LATEST' },
      ...{ alreadyRetriedTimes: 0, taskPayload: 'one', startedTime: time, endTime: time, durationMs: 0 },
    });
    expect(statuses(task)).toEqual(['Enqueued', 'Running', 'Succeeded']);
  });

  test('a task that failed was tried again before [documented]', async () => {
    await start('fail', 'one');
    await fc.idle();
    const task = await getAsyncTask('fail', 'one');
    expect(task).toMatchObject({ alreadyRetriedTimes: 1, taskErrorMessage: 'HandledInvocationError' });
    expect(statuses(task)).toEqual(['Enqueued', 'Running', 'Retrying', 'Running', 'Failed']);
  });

  test('a task that has waited too long is expired [documented]', async () => {
    await start('work', 'late', { 'x-fc-async-delay': '60' });
    time += 60_000 + 86_400_001;
    await fc.tick();
    await fc.idle();
    expect(await getAsyncTask('work', 'late')).toMatchObject({ status: 'Expired' });
    time -= 60_000 + 86_400_001;
  });

  test('an id that nobody gave is an AsyncTaskNotFound [assumed]', async () => {
    await expect(getAsyncTask('work', 'none')).rejects.toMatchObject({ code: 'AsyncTaskNotFound' });
    await expect(getAsyncTask('fail', 'late')).rejects.toThrow(/404/);
  });
});

test('x-fc-async-task-id: an id is taken once, also when its task has ended, where the function is in task mode [documented]', async () => {
  await start('work', 'twice');
  await expect(start('work', 'twice')).rejects.toThrow(/409/);
  await fc.idle();
  await expect(start('work', 'twice')).rejects.toMatchObject({ code: 'AsyncTaskAlreadyExists' });
  await start('plain', 'twice');
  await start('plain', 'twice');
  await fc.idle();
  expect((await listAsyncTasks('plain')).tasks).toEqual([]);
});

test('a task without an id has that of its request [documented]', async () => {
  const { headers } = await fc.invoke('work', 'x', { 'x-fc-invocation-type': 'Async' });
  const requestId = String(headers['x-fc-request-id']);
  await fc.idle();
  expect(await getAsyncTask('work', requestId)).toMatchObject({ taskId: requestId, requestId });
});

describe('ListAsyncTasks', () => {
  const ids = async (query: Record<string, string>) =>
    (await listAsyncTasks('work', { prefix: 'list-', ...query })).tasks.map(({ taskId }) => taskId);
  beforeAll(async () => {
    for (const id of ['list-a', 'list-b', 'list-c']) {
      time += 1000;
      await start('work', id);
      await fc.idle();
    }
  });

  test('chooses and sorts [documented]', async () => {
    expect(await ids({})).toEqual(['list-a', 'list-b', 'list-c']);
    expect(await ids({ sortOrderByTime: 'desc' })).toEqual(['list-c', 'list-b', 'list-a']);
    expect(await ids({ startedTimeBegin: String(time), startedTimeEnd: String(time) })).toEqual(['list-c']);
    expect(await ids({ status: 'Failed' })).toEqual([]);
  });

  test('goes on at nextToken, and tells payloads where asked [documented]', async () => {
    const { tasks, nextToken } = await listAsyncTasks('work', { prefix: 'list-', limit: '2' });
    expect(tasks[0]).not.toHaveProperty('taskPayload');
    const rest = { prefix: 'list-', nextToken: String(nextToken), includePayload: 'true' };
    expect((await listAsyncTasks('work', rest)).tasks).toMatchObject([{ taskPayload: 'list-c' }]);
  });
});

describe('StopAsyncTask', () => {
  test('a task that runs is ended and not tried again [documented]', async () => {
    await start('wait', 'running');
    if (waiting.length === 0) await once(server, 'request');
    expect(await getAsyncTask('wait', 'running')).toMatchObject({ status: 'Running' });
    await stopAsyncTask('wait', 'running');
    expect(statuses(await getAsyncTask('wait', 'running'))).toEqual(['Enqueued', 'Running', 'Stopped']);
    await fc.idle();
  });

  test('a task that waits never runs [documented]', async () => {
    await start('work', 'delayed', { 'x-fc-async-delay': '3600' });
    const before = fc.reports.length;
    await stopAsyncTask('work', 'delayed');
    time += 3_600_000;
    await fc.tick();
    await fc.idle();
    expect(fc.reports.length).toBe(before);
    expect(await getAsyncTask('work', 'delayed')).toMatchObject({ status: 'Stopped' });
  });

  test('a task that has ended stays as it is [assumed]', async () => {
    await start('work', 'ended');
    await fc.idle();
    await stopAsyncTask('work', 'ended');
    expect(await getAsyncTask('work', 'ended')).toMatchObject({ status: 'Succeeded' });
  });
});
