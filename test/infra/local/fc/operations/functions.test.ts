import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acs3Signature } from '../../../../../infra/local/gateway/acs3-signature';
import {
  accountId,
  httpTrigger,
  ossTrigger,
  queueArn,
  type RunningFc,
  runFc,
  timerTrigger,
} from '../running-fc';

const code = `exports.handler = async () => 1;`;
const arn = (name: string) => `acs:fc:cn-hangzhou:${accountId}:functions/${name}`;
let fc: RunningFc;
let authorize: (action: string, resource: string) => boolean = () => true;
beforeAll(async () => {
  fc = await runFc(
    {
      seal: {
        code,
        props: {
          ...{ description: 'Seals', cpu: 0.5, role: 'fc-seal', environmentVariables: { A: 'b' } },
          instanceLifecycleConfig: { initializer: { handler: 'index.handler', timeout: 5 } },
          asyncInvokeConfig: {
            maxAsyncRetryAttempts: 2,
            destinationConfig: { onFailure: { destination: queueArn('dead') } },
          },
        },
        triggers: [
          ossTrigger('inbox', { prefix: 'a/' }),
          timerTrigger({ cronExpression: '@every 5m', enable: true, payload: 'p' }),
          httpTrigger('anonymous', ['POST']),
        ],
      },
      open: { code },
      sweep: { code },
    },
    {
      authorize: ({ principal, action, resource }) =>
        principal.endsWith(':root') || authorize(action, resource) ? 'allowed' : 'implicit',
    },
  );
});
afterAll(() => fc.close());

const ask = async (path: string, query: Record<string, string> | null = null) => {
  const { data } = await fc.clientOf(fc.accessKeys.root).request('GET', path, query, '');
  return data as Record<string, unknown>;
};
const names = (list: unknown, name: string) => (list as Record<string, unknown>[]).map((one) => one[name]);

test('GetFunction answers what was deployed [documented]', async () => {
  expect(await ask('/functions/seal', { qualifier: 'LATEST' })).toMatchObject({
    ...{ functionName: 'seal', functionArn: arn('seal'), description: 'Seals', runtime: 'nodejs20' },
    ...{ handler: 'index.handler', timeout: 10, memorySize: 512, diskSize: 512, cpu: 0.5 },
    ...{ role: `acs:ram::${accountId}:role/fc-seal`, environmentVariables: { A: 'b' } },
    instanceLifecycleConfig: { initializer: { handler: 'index.handler', timeout: 5 } },
    ...{ state: 'Active', lastUpdateStatus: 'Successful' },
  });
});

describe('ListFunctions', () => {
  test('is sorted by name, and prefix chooses [assumed]', async () => {
    expect(names((await ask('/functions')).functions, 'functionName')).toEqual(['open', 'seal', 'sweep']);
    const { functions } = await ask('/functions', { prefix: 's' });
    expect(names(functions, 'functionName')).toEqual(['seal', 'sweep']);
    expect((await ask('/functions', { runtime: 'python3' })).functions).toEqual([]);
  });

  test('goes on at nextToken [documented]', async () => {
    const first = await ask('/functions', { limit: '2' });
    expect(names(first.functions, 'functionName')).toEqual(['open', 'seal']);
    const last = await ask('/functions', { limit: '2', nextToken: String(first.nextToken) });
    expect(names(last.functions, 'functionName')).toEqual(['sweep']);
    expect(last).not.toHaveProperty('nextToken');
  });

  test.each([{ limit: '0' }, { limit: '101' }, { nextToken: 'nonsense' }])(
    'ListFunctions with %j is an InvalidArgument [assumed]',
    async (query) => {
      await expect(ask('/functions', query)).rejects.toMatchObject({ code: 'InvalidArgument' });
    },
  );

  test('is answered to a client that signs with ACS3 too [documented]', async () => {
    const { accessKeyId, accessKeySecret } = fc.accessKeys.root;
    const payloadHash = createHash('sha256').digest('hex');
    const headers = { 'x-acs-date': new Date().toISOString(), 'x-acs-content-sha256': payloadHash };
    const signedHeaders = Object.keys(headers).sort();
    const request = { method: 'GET', path: '/2023-03-30/functions', query: 'limit=1', headers };
    const signature = acs3Signature(request, { signedHeaders, accessKeySecret, payloadHash });
    const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`;
    const url = `${fc.endpoint}${request.path}?${request.query}`;
    const response = await fetch(url, { headers: { ...headers, authorization } });
    expect(await response.json()).toMatchObject({ functions: [{ functionName: 'open' }] });
  });
});

test('GetAsyncInvokeConfig and ListAsyncInvokeConfigs answer what s.yaml says [documented]', async () => {
  const config = {
    ...{ functionArn: arn('seal'), asyncTask: false },
    ...{ maxAsyncRetryAttempts: 2, maxAsyncEventAgeInSeconds: 86_400 },
    destinationConfig: { onFailure: { destination: queueArn('dead') } },
  };
  expect(await ask('/functions/seal/async-invoke-config')).toMatchObject(config);
  expect((await ask('/async-invoke-configs')).configs).toMatchObject([config]);
  expect((await ask('/async-invoke-configs', { functionName: 'open' })).configs).toEqual([]);
});

test('GetAsyncInvokeConfig of a function without one is an AsyncConfigNotExists [assumed]', async () => {
  await expect(ask('/functions/open/async-invoke-config')).rejects.toMatchObject({
    code: 'AsyncConfigNotExists',
  });
});

describe('ListTriggers and GetTrigger', () => {
  test('answer every kind, its configuration as JSON [documented]', async () => {
    const { triggers } = await ask('/functions/seal/triggers');
    const told = (triggers as Record<string, string>[]).map(({ triggerConfig = '', ...trigger }) => ({
      ...trigger,
      triggerConfig: JSON.parse(triggerConfig),
    }));
    expect(told).toMatchObject([
      {
        ...{ triggerName: 'http', triggerType: 'http', httpTrigger: { urlInternet: fc.urlOf('seal') } },
        triggerConfig: { authType: 'anonymous', methods: ['POST'], disableURLInternet: false },
      },
      {
        ...{ triggerName: 'of-inbox', triggerType: 'oss', targetArn: arn('seal') },
        sourceArn: `acs:oss:cn-hangzhou:${accountId}:inbox`,
        triggerConfig: { filter: { key: { prefix: 'a/', suffix: '' } } },
      },
      { triggerName: 'timer', triggerConfig: { cronExpression: '@every 5m', enable: true, payload: 'p' } },
    ]);
    const timer = await ask('/functions/seal/triggers/timer');
    expect(timer).toMatchObject({ triggerName: 'timer', triggerType: 'timer', status: 'OK' });
  });

  test('prefix chooses, and one that is not there is a TriggerNotFound [assumed]', async () => {
    const { triggers } = await ask('/functions/seal/triggers', { prefix: 'of-' });
    expect(names(triggers, 'triggerName')).toEqual(['of-inbox']);
    await expect(ask('/functions/seal/triggers/none')).rejects.toMatchObject({ code: 'TriggerNotFound' });
  });
});

test.each([
  '/functions/nobody',
  '/functions/nobody/triggers',
  '/functions/nobody/async-invoke-config',
  '/functions/nobody/async-tasks',
])('GetFunction, ListTriggers and others: GET %s is a FunctionNotFound [documented]', async (path) => {
  await expect(ask(path)).rejects.toMatchObject({ code: 'FunctionNotFound' });
});

test.each([
  ['/functions', 'fc:ListFunctions', arn('*')],
  ['/functions/seal', 'fc:GetFunction', arn('seal')],
  ['/functions/seal/triggers', 'fc:ListTriggers', `${arn('seal')}/triggers/*`],
  ['/functions/seal/triggers/http', 'fc:GetTrigger', `${arn('seal')}/triggers/http`],
  ['/functions/seal/async-invoke-config', 'fc:GetFunctionAsyncInvokeConfig', arn('seal')],
  ['/functions/seal/async-tasks', 'fc:ListAsyncTasks', '*'],
])('GET %s takes %s on %s [documented]', async (path, action, resource) => {
  const client = fc.clientOf(fc.accessKeys.assumeRole(`acs:ram::${accountId}:role/reader`));
  authorize = (...asked) => asked.join(' ') === `${action} ${resource}`;
  expect((await client.request('GET', path, null, '')).data).toBeDefined();
  authorize = () => false;
  const refused = `the caller is not authorized to perform '${action}' on resource '${resource}'`;
  await expect(client.request('GET', path, null, '')).rejects.toMatchObject({
    ...{ code: 'AccessDenied', message: expect.stringContaining(refused) },
  });
});
