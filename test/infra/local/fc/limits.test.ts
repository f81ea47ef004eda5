import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpTrigger, ossTrigger, queueArn, type RunningFc, record, runFc } from './running-fc';

// Functions that wait call it, so that a test knows that they run, and lets them go on.
const waiting: http.ServerResponse[] = [];
const server = http.createServer((_, response) => void waiting.push(response)).listen(0, '127.0.0.1');
let time = Date.now();
let fc: RunningFc;
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fc = await runFc(
    {
      eat: {
        code: `exports.handler = async (event) => {
        const eaten = Buffer.alloc(Number(event), 1);
        if (eaten.length > 1e8) await new Promise((resolve) => setTimeout(resolve, 10_000));
        return process.pid + '';
      };`,
        props: { memorySize: 128 },
      },
      eatFast: {
        code: `exports.handler = async () => { Buffer.alloc(200e6, 1); return 'done'; };`,
        props: { memorySize: 128 },
      },
      single: {
        code: `exports.handler = async () => { await fetch('${url}'); return 'done'; };`,
        props: {
          concurrencyConfig: { reservedConcurrency: 1 },
          asyncInvokeConfig: { destinationConfig: { onFailure: { destination: queueArn('dead') } } },
        },
        triggers: [httpTrigger('anonymous'), ossTrigger('inbox')],
      },
    },
    { now: () => time, clientTime: () => time },
  );
});
afterAll(async () => {
  server.close();
  await fc.close();
});

const errorOf = async (name: string, event: string) => {
  const { headers, data } = await fc.invoke(name, event);
  return { kind: headers['x-fc-error-type'], ...(data as Record<string, unknown>) };
};

describe.runIf(process.platform === 'linux')('memorySize', () => {
  const killed = {
    kind: 'UnhandledInvocationError',
    errorType: 'FunctionOOMError',
    errorMessage: expect.stringMatching(/^Process exited unexpectedly .*maxMemoryUsage: [12]\d\d\.\d\dMB/),
  };

  test('a function that holds more is killed while it runs [documented]', async () => {
    const first = (await fc.invoke('eat', '1')).data;
    expect(await errorOf('eat', '200000000')).toMatchObject(killed);
    expect((await fc.invoke('eat', '1')).data).not.toBe(first);
  });

  test('a function that held more for a moment did not get by either [documented]', async () => {
    expect(await errorOf('eatFast', '')).toMatchObject(killed);
  });
});

async function oneWaiting(): Promise<http.ServerResponse> {
  if (waiting.length === 0) await once(server, 'request');
  return waiting.splice(0)[0] as http.ServerResponse;
}

test('over its concurrency a function is throttled, over the API and over HTTP; events wait [documented]', async () => {
  const first = fc.invoke('single');
  const running = await oneWaiting();
  await expect(fc.invoke('single')).rejects.toMatchObject({ code: 'ResourceThrottled' });
  expect((await fetch(fc.urlOf('single'))).status).toBe(429);
  await fc.deliver(record('inbox', 'a'));
  running.end();
  expect((await first).data).toBe('done');
  (await oneWaiting()).end();
  await fc.idle();
  expect(fc.reports.slice(-2).map(({ error }) => error)).toEqual([undefined, undefined]);
});

test.each([
  ['FunctionResourceExhausted', 5 * 3_600_000 + 1],
  ['EventAgeExceeded', 86_400_001],
])(
  'an event that finds no instance for too long is told as %s, and no error of the function [documented]',
  async (condition, ms) => {
    const first = fc.invoke('single');
    const running = await oneWaiting();
    await fc.deliver(record('inbox', 'late'));
    time += ms;
    await fc.tick();
    running.end();
    await first;
    await fc.idle();
    const { requestContext } = JSON.parse(fc.messages.splice(0)[0]?.body ?? '');
    expect(requestContext).toMatchObject({ condition, approximateInvokeCount: 0 });
  },
);

test('kill() ends a function that runs; an event is tried again [assumed]', async () => {
  await fc.deliver(record('inbox', 'b'));
  await oneWaiting();
  const before = fc.reports.length;
  await fc.kill('single');
  (await oneWaiting()).end();
  await fc.idle();
  expect(fc.reports.slice(before).map(({ error }) => error?.errorType)).toEqual([
    'FunctionUnhandledError',
    undefined,
  ]);
});
