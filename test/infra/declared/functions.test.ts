import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readFunctions } from '../../../infra/declared/functions';
import { accountId, httpTrigger, ossTrigger, queueArn, timerTrigger } from '../local/fc/running-fc';
import { newFolder } from '../local/new-folder';

const base = {
  region: 'cn-hangzhou',
  functionName: 'encrypt',
  runtime: 'nodejs20',
  handler: 'index.handler',
  code: './dist/encrypt',
  memorySize: 512,
};

async function read(props: Record<string, unknown>, others: Record<string, unknown> = {}) {
  const folder = await newFolder();
  const file = join(folder, 's.yaml');
  const encrypt = { component: 'fc3', props: { ...base, ...props } };
  await writeFile(
    file,
    stringify({ edition: '3.0.0', vars: { bucket: 'inbox' }, resources: { encrypt, ...others } }),
  );
  return { folder, functions: await readFunctions(file, { env: {}, accountId }) };
}

test('forms of YAML are read as Serverless Devs reads them; what is a date there is no text [observed: s 3.1.10]', async () => {
  const file = join(await newFolder(), 's.yaml');
  const props = (more: string) =>
    `edition: 3.0.0\nresources: {e: {component: fc3, props: {<<: ${JSON.stringify(base)}, ${more}}}}`;
  await writeFile(file, props('timeout: 1_000'));
  expect(await readFunctions(file, { env: {}, accountId })).toMatchObject([
    { name: 'encrypt', timeout: 1000 },
  ]);
  await writeFile(file, props('environmentVariables: {SINCE: 2024-01-01}'));
  await expect(readFunctions(file, { env: {}, accountId })).rejects.toThrow('SINCE');
});

test('a function is read whole [documented]', async () => {
  const { folder, functions } = await read({
    cpu: 0.5,
    timeout: 900,
    role: `acs:ram::\${config('AccountID')}:role/fc-encrypt`,
    environmentVariables: { INBOX: `\${vars.bucket}` },
    instanceLifecycleConfig: {
      initializer: { handler: 'index.initialize', timeout: 30 },
      preStop: { handler: 'index.preStop', timeout: 90 },
    },
    concurrencyConfig: { reservedConcurrency: 2 },
    asyncInvokeConfig: {
      maxAsyncRetryAttempts: 5,
      maxAsyncEventAgeInSeconds: 60,
      asyncTask: true,
      destinationConfig: {
        onFailure: { destination: queueArn('dead-letter') },
        onSuccess: { destination: `acs:fc:cn-hangzhou:${accountId}:functions/next` },
      },
    },
    triggers: [
      ossTrigger('inbox', { events: ['oss:ObjectCreated:*'], prefix: 'in/', suffix: '.pdf' }),
      httpTrigger('function'),
      timerTrigger({ cronExpression: '@every 5m', enable: false, payload: 'p' }),
    ],
  });
  expect(functions).toEqual([
    {
      name: 'encrypt',
      handler: 'index.handler',
      code: join(folder, 'dist/encrypt'),
      timeout: 900,
      memorySize: 512,
      cpu: 0.5,
      role: `acs:ram::${accountId}:role/fc-encrypt`,
      environmentVariables: { INBOX: 'inbox' },
      initializer: { handler: 'index.initialize', timeout: 30 },
      preStop: { handler: 'index.preStop', timeout: 90 },
      reservedConcurrency: 2,
      asyncInvoke: {
        isConfigured: true,
        maxRetryAttempts: 5,
        maxEventAge: 60,
        isTask: true,
        onFailure: { type: 'queue', name: 'dead-letter' },
        onSuccess: { type: 'function', name: 'next' },
      },
      timerTriggers: [{ name: 'timer', cronExpression: '@every 5m', isEnabled: false, payload: 'p' }],
      ossTriggers: [
        { name: 'of-inbox', bucket: 'inbox', events: ['oss:ObjectCreated:*'], prefix: 'in/', suffix: '.pdf' },
      ],
      httpTrigger: {
        ...{ name: 'http', authType: 'function', methods: ['GET', 'POST'] },
        isInternetDisabled: false,
      },
    },
  ]);
});

test('defaults are 3 seconds and 3 retries, and a bare role is one of this account [documented]', async () => {
  const [first] = (await read({ role: 'fc-encrypt' })).functions;
  expect(first).toMatchObject({
    timeout: 3,
    asyncInvoke: { isConfigured: false, maxRetryAttempts: 3, maxEventAge: 86_400, isTask: false },
    role: `acs:ram::${accountId}:role/fc-encrypt`,
  });
});

test('another component is no function, and its variables are its own business [assumed]', async () => {
  const infra = { component: 'ros', props: { region: `\${nonsense}` } };
  expect((await read({}, { infra })).functions.map(({ name }) => name)).toEqual(['encrypt']);
});

const failingTo = (destination: string) => ({
  asyncInvokeConfig: { destinationConfig: { onFailure: { destination } } },
});
const P = 's.yaml: resources.encrypt.props';
const withKey = (key: object) => ({ ...ossTrigger('b'), triggerConfig: { events: [], filter: { key } } });
test.each([
  [{ rolle: 'x' }, `${P}.rolle is not a property that fc3 knows`],
  [{ runtime: 'nodejs22' }, `${P}.runtime is not one of nodejs20`],
  [{ handler: 'handler' }, `${P}.handler is not of the form`],
  [{ timeout: '900' }, `${P}.timeout is not a whole number from 1 to 86400`],
  [{ memorySize: 500 }, `${P}.memorySize is not a multiple of 64`],
  [{ memorySize: undefined }, `${P}.memorySize is missing`],
  [{ memorySize: 512, cpu: 1 }, `${P}.cpu is not between`],
  [{ environmentVariables: { N: 1 } }, `${P}.environmentVariables.N is not a text`],
  [{ environmentVariables: { FC_X: 'a' } }, `${P}.environmentVariables.FC_X has a name reserved`],
  [{ environmentVariables: { X: 'x'.repeat(4096) } }, `${P}.environmentVariables is larger than 4096 bytes`],
  [
    { asyncInvokeConfig: { maxAsyncRetryAttempts: 9 } },
    `${P}.asyncInvokeConfig.maxAsyncRetryAttempts is not`,
  ],
  [{ instanceLifecycleConfig: { preFreeze: {} } }, `${P}.instanceLifecycleConfig.preFreeze is not`],
  [
    { instanceLifecycleConfig: { preStop: { handler: 'a.b', timeout: 91 } } },
    `${P}.instanceLifecycleConfig.preStop.timeout is not a whole number from 1 to 90`,
  ],
  [
    { asyncInvokeConfig: { maxAsyncEventAgeInSeconds: 604_801 } },
    `${P}.asyncInvokeConfig.maxAsyncEventAgeInSeconds is not`,
  ],
  [{ asyncInvokeConfig: { asyncTasks: true } }, `${P}.asyncInvokeConfig.asyncTasks is not a property`],
  [
    failingTo(`acs:mns:cn-hangzhou:${accountId}:/topics/t/messages`),
    'onFailure.destination is no MNS queue and no function',
  ],
  [
    failingTo(`acs:mns:cn-beijing:${accountId}:/queues/q/messages`),
    `onFailure.destination is not of region cn-hangzhou and account ${accountId}`,
  ],
  [
    { triggers: [timerTrigger({ cronExpression: '0 0 4 * *', enable: true })] },
    'cronExpression is no time expression: it has not six fields',
  ],
  [{ triggers: [timerTrigger({ cronExpression: '@every 5m' })] }, 'triggerConfig.enable is missing'],
  [{ triggers: [httpTrigger('jwt')] }, 'authType is jwt: the local cloud checks "function"'],
  [{ triggers: [httpTrigger('bearer')] }, 'authType is bearer: the local cloud checks "function"'],
  [{ triggers: [httpTrigger('function', ['TRACE'])] }, 'methods[0] is not one of'],
  [
    { triggers: [{ triggerName: 't', triggerType: 'log' }] },
    `${P}.triggers[0].triggerType is not one of oss, timer, http`,
  ],
  [{ triggers: [ossTrigger('b', { events: ['ObjectCreated:PutObject'] })] }, 'events[0] is not one of'],
  [{ triggers: [ossTrigger('b', { prefix: '/in' })] }, 'prefix begins with /: such a trigger never fires'],
  [{ triggers: [withKey({ prefx: '' })] }, 'filter.key.prefx is not a property'],
  [
    { triggers: [{ ...ossTrigger('b'), sourceArn: 'acs:oss:cn-beijing:1:b' }] },
    'sourceArn does not begin with',
  ],
  [
    { triggers: [ossTrigger('b'), ossTrigger('b', { prefix: 'in/' })] },
    'overlapping prefix and suffix with same event type',
  ],
])('props=%j: %s [documented]', async (props, message) => {
  await expect(read(props)).rejects.toThrow(message);
});
