import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { accountId, httpTrigger, ossTrigger, queueArn, record, runFc } from '../running-fc';

const failUntil = (attempt: number) => `
  const { appendFileSync, readFileSync } = require('node:fs');
  exports.handler = async () => {
    appendFileSync('attempts', '.');
    if (readFileSync('attempts').length < ${attempt}) throw new Error('not yet');
  };`;
const files = (data: string, folder: string) => readdir(join(data, 'fc', folder)).catch(() => []);

test('an event goes to every function whose trigger it fires, as one record [documented]', async () => {
  const code = `exports.handler = async (event) => console.log(event.toString());`;
  const fc = await runFc({
    one: { code, triggers: [ossTrigger('inbox')] },
    two: { code, triggers: [ossTrigger('inbox', { events: ['oss:ObjectRemoved:DeleteObject'] })] },
    other: { code, triggers: [ossTrigger('other')] },
  });
  const event = { ...record('inbox', 'a/b c.txt'), more: [1] };
  await fc.deliver(event);
  await fc.deliver(record('elsewhere', 'a'));
  await fc.idle();
  await fc.close();
  expect(
    fc.reports.map(({ functionName, logs }) => [functionName, logs.map((line) => JSON.parse(line))]),
  ).toEqual([['one', [{ events: [event] }]]]);
  expect(await files(fc.data, 'queue')).toEqual([]);
});

test('a failed event is retried with the same request id until it succeeds [documented]', async () => {
  const fc = await runFc({ late: { code: failUntil(3), triggers: [ossTrigger('inbox')] } });
  await fc.deliver(record('inbox', 'a'));
  await fc.idle();
  await fc.close();
  expect(fc.reports.map(({ error }) => error?.errorMessage)).toEqual(['not yet', 'not yet', undefined]);
  expect(new Set(fc.reports.map(({ requestId }) => requestId)).size).toBe(1);
  expect([await files(fc.data, 'queue'), fc.messages]).toEqual([[], []]);
});

const failingTo = (queue: string, more = {}) => ({
  asyncInvokeConfig: { ...more, destinationConfig: { onFailure: { destination: queueArn(queue) } } },
});

test.each([0, 2])(
  'retries=%i used up are told to the onFailure queue, with the original event [documented]',
  async (retries) => {
    const props = failingTo('dead-letter', { maxAsyncRetryAttempts: retries });
    const fc = await runFc(
      {
        never: {
          code: failUntil(99),
          props: { ...props, role: 'fc-never' },
          triggers: [ossTrigger('inbox')],
        },
      },
      { now: () => 5000 },
    );
    await fc.deliver(record('inbox', 'a'));
    await fc.idle();
    await fc.close();
    expect(fc.reports).toHaveLength(retries + 1);
    const [{ queue, body = '', principal } = {}, ...others] = fc.messages;
    expect(others).toEqual([]);
    expect(queue).toBe('dead-letter');
    expect(principal).toMatch(`acs:sts::${accountId}:assumed-role/fc-never/`);
    expect(JSON.parse(body)).toEqual({
      timestamp: 5000,
      requestContext: {
        requestId: fc.reports[0]?.requestId,
        functionArn: `acs:fc:cn-hangzhou:${accountId}:functions/never`,
        condition: 'HandledInvocationError',
        approximateInvokeCount: retries + 1,
      },
      requestPayload: JSON.stringify({ events: [record('inbox', 'a')] }),
      responseContext: { statusCode: 200, functionError: 'HandledInvocationError' },
      responsePayload: expect.stringContaining('not yet'),
    });
    expect(await files(fc.data, 'queue')).toEqual([]);
  },
);

test('success is told to the onSuccess function, which is invoked with the message [documented]', async () => {
  const destination = `acs:fc:cn-hangzhou:${accountId}:functions/next`;
  const fc = await runFc({
    first: {
      code: `exports.handler = async (event) => 'done ' + event;`,
      props: { asyncInvokeConfig: { destinationConfig: { onSuccess: { destination } } } },
    },
    next: { code: `exports.handler = async (event) => console.log(event.toString());` },
  });
  await fc.invoke('first', 'payload', { 'x-fc-invocation-type': 'Async' });
  await fc.idle();
  await fc.close();
  expect(JSON.parse(fc.reports[1]?.logs[0] ?? '')).toMatchObject({
    requestContext: { requestId: fc.reports[0]?.requestId, condition: 'Success', approximateInvokeCount: 1 },
    requestPayload: 'payload',
    responseContext: { statusCode: 200, functionError: '' },
    responsePayload: 'done payload',
  });
});

test('what a destination refuses is reported and not tried again [documented]', async () => {
  const deliveries: unknown[] = [];
  const fc = await runFc(
    { never: { code: failUntil(99), props: failingTo('gone', { maxAsyncRetryAttempts: 0 }) } },
    {
      sendMessage: () => Promise.reject(new Error('no such queue')),
      onDelivery: (one) => deliveries.push(one),
    },
  );
  await fc.invoke('never', '{}', { 'x-fc-invocation-type': 'Async' });
  await fc.idle();
  await fc.close();
  expect(deliveries).toMatchObject([
    {
      functionName: 'never',
      destination: { type: 'queue', name: 'gone' },
      error: { message: 'no such queue' },
    },
  ]);
  expect(await files(fc.data, 'queue')).toEqual([]);
});

test('an event older than maxAsyncEventAgeInSeconds is not tried any more [documented]', async () => {
  let time = 5000;
  const props = failingTo('dead-letter', { maxAsyncEventAgeInSeconds: 60, maxAsyncRetryAttempts: 8 });
  const fc = await runFc(
    { never: { code: failUntil(99), props } },
    {
      now: () => time,
      onReport: () => {
        time += 40_000;
      },
    },
  );
  await fc.invoke('never', 'old', { 'x-fc-invocation-type': 'Async', date: new Date(5000).toUTCString() });
  await fc.idle();
  await fc.close();
  const message = JSON.parse(fc.messages[0]?.body ?? '');
  expect(message).toMatchObject({ requestContext: { approximateInvokeCount: 2 }, requestPayload: 'old' });
  expect(message.requestContext.condition).toBe('EventAgeExceeded');
});

test('x-fc-async-delay: an event is due when the clock says so, also after a restart [documented]', async () => {
  let time = Date.now();
  const functions = { late: { code: `exports.handler = async () => 1;` } };
  const fc = await runFc(functions, { now: () => time });
  await fc.invoke('late', '{}', { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '3600' });
  await fc.idle();
  expect(fc.reports).toEqual([]);
  await fc.close();
  const again = await runFc(functions, { now: () => time, data: fc.data });
  time += 3_599_000;
  await again.tick();
  await again.idle();
  expect(again.reports).toEqual([]);
  time += 1000;
  await again.tick();
  await again.idle();
  expect(again.reports).toHaveLength(1);
  await again.close();
});

test('a retry comes when the clock is moved to it [assumed]', async () => {
  let time = Date.now();
  const fc = await runFc({ late: { code: failUntil(2) } }, { now: () => time, retryDelayMs: 3_600_000 });
  await fc.invoke('late', '{}', { 'x-fc-invocation-type': 'Async' });
  while (fc.reports.length === 0) await setImmediate();
  time += 3_600_000;
  while ((await files(fc.data, 'queue')).length > 0) await fc.tick();
  expect(fc.reports.map(({ error }) => error?.errorMessage)).toEqual(['not yet', undefined]);
  await fc.close();
});

describe('a function in task mode', () => {
  const functions = {
    task: {
      code: `exports.handler = async () => 1;`,
      props: { asyncInvokeConfig: { asyncTask: true } },
      triggers: [httpTrigger('anonymous')],
    },
  };
  const asTask = (id: string) => ({ 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': id });

  test('takes a task id once, over HTTP too and after a restart, until seven days are over [documented]', async () => {
    let time = Date.now();
    const first = await runFc(functions, { now: () => time });
    await first.invoke('task', '{}', asTask('one'));
    await expect(first.invoke('task', '{}', asTask('one'))).rejects.toThrow(/409/);
    await first.close();
    const fc = await runFc(functions, { now: () => time, data: first.data });
    expect((await fetch(fc.urlOf('task'), { headers: asTask('one') })).status).toBe(409);
    expect((await fetch(fc.urlOf('task'), { headers: asTask('other') })).status).toBe(202);
    time += 7 * 86_400_000;
    await fc.tick();
    expect(await files(fc.data, 'tasks')).toEqual([]);
    expect((await fetch(fc.urlOf('task'), { headers: asTask('one') })).status).toBe(202);
    await fc.idle();
    await fc.close();
  });

  test.each([
    [{ 'x-fc-async-task-id': '1' }],
    [{ 'x-fc-async-delay': '0' }],
    [{ 'x-fc-async-delay': '3601' }],
  ])('%j is an InvalidArgument [documented]', async (headers) => {
    const fc = await runFc(functions);
    const call = fc.invoke('task', '{}', { 'x-fc-invocation-type': 'Async', ...headers });
    await expect(call).rejects.toMatchObject({ code: 'InvalidArgument' });
    await fc.close();
  });
});

test('an event that was running when the cloud stopped is delivered again [documented]', async () => {
  const triggers = [ossTrigger('inbox')];
  const hanging = await runFc({ f: { code: `exports.handler = () => new Promise(() => {});`, triggers } });
  await hanging.deliver(record('inbox', 'a'));
  await hanging.close();
  expect(await files(hanging.data, 'queue')).toHaveLength(1);
  const again = await runFc(
    { f: { code: `exports.handler = async () => 1;`, triggers } },
    { data: hanging.data },
  );
  await again.idle();
  await again.close();
  expect(again.reports).toMatchObject([{ functionName: 'f' }]);
  expect(await files(again.data, 'queue')).toEqual([]);
});

test('an event of a function that is gone is dropped [assumed]', async () => {
  const hanging = await runFc({ f: { code: `exports.handler = () => new Promise(() => {});` } });
  await hanging.invoke('f', 'payload', { 'x-fc-invocation-type': 'Async' });
  await hanging.close();
  const again = await runFc(
    { g: { code: '', triggers: [httpTrigger('anonymous')] } },
    { data: hanging.data },
  );
  await again.idle();
  await again.close();
  expect(again.reports).toMatchObject([{ error: { errorType: 'FunctionNotFound' } }]);
  expect(await files(again.data, 'queue')).toEqual([]);
});
