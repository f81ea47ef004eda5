import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newFolder } from '../../new-folder';
import { accountId, type RunningFc, runFc } from '../running-fc';

let fc: RunningFc;
beforeAll(async () => {
  fc = await runFc({
    tell: {
      code: `
        let initialized = [];
        exports.initialize = async (context) => { initialized.push(context.requestId); };
        exports.handler = async (event, context) => ({
          event: Buffer.isBuffer(event) && event.toString(), context, env: process.env, cwd: process.cwd(), initialized,
        });`,
      props: {
        role: 'fc-tell',
        environmentVariables: { OWN: 'value' },
        instanceLifecycleConfig: { initializer: { handler: 'index.initialize', timeout: 5 } },
      },
    },
    answer: { code: `exports.handler = async (event) => eval(event.toString());` },
    speak: {
      code: `exports.handler = async (event, { logger }) => {
        console.log('one %s', 'line'); console.error('two\\nlines'); logger.info({ a: 1 }); process.stdout.write('raw\\n');
      };`,
    },
    fetchName: {
      code: `const http = require('node:http');
        exports.handler = (event) => new Promise((resolve, reject) => http.get(event.toString(), (response) => {
          response.setEncoding('utf8').on('data', resolve);
        }).on('error', reject));`,
    },
    needy: { code: `exports.handler = async () => require('above');` },
  });
});
afterAll(() => fc.close());

test('a handler gets the event as a Buffer, a context, and an environment of its own [documented]', async () => {
  const first = JSON.parse(String((await fc.invoke('tell', 'payload')).data));
  const second = JSON.parse(String((await fc.invoke('tell', 'payload')).data));
  expect(first.event).toBe('payload');
  expect(first.context).toMatchObject({
    requestId: expect.stringMatching(/^1-[0-9a-f]{8}-/),
    function: { name: 'tell', handler: 'index.handler', memory: 512, timeout: 10 },
    service: { qualifier: 'LATEST' },
    region: 'cn-hangzhou',
    accountId,
  });
  const { accessKeyId, accessKeySecret, securityToken } = first.context.credentials;
  expect(fc.accessKeys.find(accessKeyId)).toMatchObject({ accessKeySecret, securityToken });
  expect(Object.keys(first.env).sort()).toEqual([
    'ALIBABA_CLOUD_ACCESS_KEY_ID',
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    'ALIBABA_CLOUD_SECURITY_TOKEN',
    'FC_ACCOUNT_ID',
    'FC_FUNCTION_HANDLER',
    'FC_FUNCTION_MEMORY_SIZE',
    'FC_FUNCTION_NAME',
    'FC_FUNC_CODE_PATH',
    'FC_INSTANCE_ID',
    'FC_REGION',
    'OWN',
    'PATH',
    'TZ',
  ]);
  expect(first.cwd).toBe(first.env.FC_FUNC_CODE_PATH);
  expect(second.initialized).toEqual([first.context.requestId]);
});

test.each([
  ['"text"', 'text'],
  ['({ a: 1 })', '{"a":1}'],
  ['Buffer.from("bytes")', 'bytes'],
  ['undefined', ''],
])('result=%s is answered as %j [documented]', async (result, expected) => {
  expect(String((await fc.invoke('answer', result)).data)).toBe(expected);
});

test('what a function writes is reported line by line with its request [documented]', async () => {
  const { headers } = await fc.invoke('speak');
  const report = fc.reports.find(({ requestId }) => requestId === headers['x-fc-request-id']);
  expect(report?.logs).toEqual(['one line', 'two', 'lines', '{ a: 1 }', 'raw']);
  expect(report?.maxMemoryBytes).toBeGreaterThan(20e6);
  expect(report?.cpuMs).toBeGreaterThan(1);
  expect(report?.error).toBeUndefined();
});

test('any name under localhost is this machine [assumed]', async () => {
  const server = createServer((request, response) => response.end(request.headers.host)).listen(
    0,
    '127.0.0.1',
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const host = `inbox.oss-cn-hangzhou-internal.localhost:${(server.address() as AddressInfo).port}`;
  expect(String((await fc.invoke('fetchName', `http://${host}/`)).data)).toBe(host);
  server.close();
});

test('a module above the code folder is not there [documented]', async () => {
  const above = join(fc.data, 'fc', 'code', 'node_modules', 'above');
  await mkdir(above, { recursive: true });
  await writeFile(join(above, 'index.js'), '');
  const { headers, data } = await fc.invoke('needy');
  expect(headers['x-fc-error-type']).toBe('HandledInvocationError');
  expect(data).toMatchObject({ errorMessage: expect.stringContaining("Cannot find module 'above'") });
});

test('a handler may be an ES module [documented]', async () => {
  const app = await runFc({
    plain: { code: '', props: { handler: 'entry.handler' } },
    typed: { code: `import { join } from 'node:path'; export const handler = async () => join('a', 'b');` },
  }).catch((error: Error) => error.message);
  expect(app).toContain('there is no');
  const data = await newFolder();
  const options = { data };
  await mkdir(join(data, 'app', 'plain'), { recursive: true });
  await mkdir(join(data, 'app', 'typed'), { recursive: true });
  await writeFile(
    join(data, 'app', 'plain', 'entry.mjs'),
    `export const handler = async () => import.meta.url;`,
  );
  await writeFile(join(data, 'app', 'typed', 'package.json'), '{"type":"module"}');
  const fc = await runFc(
    {
      plain: { code: '', props: { handler: 'entry.handler' } },
      typed: { code: `import { join } from 'node:path'; export const handler = async () => join('a', 'b');` },
    },
    options,
  );
  expect(String((await fc.invoke('plain')).data)).toMatch(/entry\.mjs$/);
  expect(String((await fc.invoke('typed')).data)).toBe('a/b');
  await fc.close();
});
