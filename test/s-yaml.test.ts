import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decryptConfig, encryptConfig, sweepConfig } from '../functions/config';
import { readFunctions } from '../infra/declared/functions';

const accountId = '1234567890123456';
const infos = { infra: { KeyArns: `acs:kms:cn-hangzhou:${accountId}:key/k` } };
const env = {
  ENVELOPE_DOWNLOADS_URL: 'https://files.example.com',
  ENVELOPE_INBOX_BUCKET: 'my-inbox',
  ENVELOPE_ALLOWED_ORIGINS: 'https://app.example.com,https://admin.example.com',
};

type Preview = {
  resources: Record<
    string,
    { props: Record<string, unknown> & { environmentVariables: Record<string, string> } }
  >;
};
type Props = {
  functionName: string;
  environmentVariables: Record<string, string>;
  triggers: { triggerConfig: { cronExpression?: string } }[];
  asyncInvokeConfig: { destinationConfig: { onFailure: { destination: string } } };
};
let preview: Preview;
let infra: Preview['resources'][string];
let home: string;

/** What the real Serverless Devs makes of s.yaml, offline. */
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'oss-envelope-s-'));
  const account = { AccountID: accountId, AccessKeyID: 'id', AccessKeySecret: 'secret' };
  const settings = { SERVERLESS_DEVS_CICD: '1', serverless_devs_config_home: home };
  const run = promisify(execFile)('node_modules/.bin/s', ['preview', '-t', 's.yaml', '-o', 'json'], {
    env: { PATH: process.env.PATH, ...account, ...settings, ...env },
  });
  const { stdout } = await run;
  // What another resource answers is known at the deployment only.
  const known = stdout.replace(/\$\{resources\.infra\.info\.KeyArns\}/g, infos.infra.KeyArns);
  preview = JSON.parse(known.slice(known.indexOf('{')));
  infra = preview.resources.infra ?? expect.fail('no infra');
  delete preview.resources.infra;
  delete preview.resources.alarms;
});
afterAll(() => rm(home, { recursive: true }));

test('the local cloud resolves s.yaml as Serverless Devs does', async () => {
  const functions = await readFunctions('s.yaml', { env, accountId, infos });
  for (const { props } of Object.values(preview.resources)) {
    const own = functions.find(({ name }) => name === props.functionName);
    expect(own).toMatchObject({
      handler: props.handler,
      code: resolve(String(props.code)),
      role: props.role,
      timeout: props.timeout,
      memorySize: props.memorySize,
      environmentVariables: props.environmentVariables,
    });
  }
  expect(functions).toHaveLength(Object.keys(preview.resources).length);
});

describe('the functions accept the environment that s.yaml gives them', () => {
  const variablesOf = (name: string) => ({
    FC_REGION: 'cn-shanghai',
    FC_ACCOUNT_ID: accountId,
    ...preview.resources[name]?.props.environmentVariables,
  });

  test('encrypt', () => {
    expect(encryptConfig(variablesOf('encrypt'))).toMatchObject({
      inboxBucket: 'my-inbox',
      ossEndpoint: 'https://oss-cn-shanghai-internal.aliyuncs.com',
      kmsEndpoint: 'https://kms.cn-shanghai.aliyuncs.com',
      mnsEndpoint: `https://${accountId}.mns.cn-shanghai.aliyuncs.com`,
      appendableQuietSeconds: undefined,
    });
  });

  test('decrypt', () => {
    expect(decryptConfig(variablesOf('decrypt'))).toMatchObject({
      downloadsUrl: 'https://files.example.com',
      kmsKeyArns: [infos.infra.KeyArns],
      expiresSeconds: 300,
    });
  });
  test('sweep', () => {
    expect(sweepConfig(variablesOf('sweep'))).toMatchObject({
      inboxBucket: 'my-inbox',
      downloadsBucket: 'oss-envelope-downloads',
      encryptFunction: 'oss-envelope-encrypt',
      fcEndpoint: `https://${accountId}.cn-shanghai.fc.aliyuncs.com`,
    });
  });
});

describe('what s.yaml says twice is the same', () => {
  const propsOf = (name: string) => (preview.resources[name] ?? expect.fail(name)).props as Props;

  test('the function that the sweep invokes is the one that seals', () => {
    const { environmentVariables } = propsOf('sweep');
    expect(environmentVariables.ENVELOPE_ENCRYPT_FUNCTION).toBe(propsOf('encrypt').functionName);
  });

  test('the interval of the sweep is that of its timer', () => {
    const { environmentVariables, triggers } = propsOf('sweep');
    const minutes = Number(environmentVariables.ENVELOPE_INTERVAL_SECONDS) / 60;
    expect(triggers.map(({ triggerConfig }) => triggerConfig.cronExpression)).toEqual([`@every ${minutes}m`]);
  });

  test('whose scripts may read answers may read downloads', () => {
    const { environmentVariables } = propsOf('decrypt');
    expect(environmentVariables.ENVELOPE_ALLOWED_ORIGINS).toBe(env.ENVELOPE_ALLOWED_ORIGINS);
    expect(infra.props.parameters).toMatchObject({ AllowedOrigins: env.ENVELOPE_ALLOWED_ORIGINS });
  });

  test('the queue that the encrypt function writes to is the one that Function Compute writes to', () => {
    const { environmentVariables, asyncInvokeConfig } = propsOf('encrypt');
    const queue = environmentVariables.ENVELOPE_DEAD_LETTER_QUEUE;
    expect(asyncInvokeConfig.destinationConfig.onFailure.destination).toContain(`/queues/${queue}/messages`);
  });
});
