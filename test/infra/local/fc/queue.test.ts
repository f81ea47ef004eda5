import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountId, httpTrigger, ossTrigger, record, runFc } from './running-fc';

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
  expect([await files(fc.data, 'queue'), await files(fc.data, 'dead-letter')]).toEqual([[], []]);
});

test.each([0, 2])(
  'retries=%i used up leave a dead letter with the original event [documented]',
  async (retries) => {
    const props = { asyncInvokeConfig: { maxAsyncRetryAttempts: retries } };
    const fc = await runFc(
      { never: { code: failUntil(99), props, triggers: [ossTrigger('inbox')] } },
      { now: () => 5000 },
    );
    await fc.deliver(record('inbox', 'a'));
    await fc.idle();
    await fc.close();
    expect(fc.reports).toHaveLength(retries + 1);
    const [name = '', ...others] = await files(fc.data, 'dead-letter');
    expect(others).toEqual([]);
    expect(JSON.parse(await readFile(join(fc.data, 'fc', 'dead-letter', name), 'utf8'))).toEqual({
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

test('an event of a function that is gone becomes a dead letter [assumed]', async () => {
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
  expect(await files(again.data, 'dead-letter')).toHaveLength(1);
});
