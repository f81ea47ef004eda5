import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { stringify } from 'yaml';
import { type FcOptions, type Report, startFc } from '../../../../infra/local/fc/server';
import { type Credentials, createAccessKeys } from '../../../../infra/local/ram/credentials';
import { newFolder } from '../new-folder';

export const accountId = '1234567890123456';
const region = 'cn-hangzhou';

type FcClient = {
  version: string;
  request(
    method: string,
    path: string,
    query: Record<string, string> | null,
    body: string,
    headers?: Record<string, string>,
  ): Promise<{ headers: Record<string, string>; data: unknown }>;
};

// @alicloud/fc2 has no types of its own.
const FC: new (accountId: string, config: object) => FcClient = createRequire(__filename)('@alicloud/fc2');

/** A function to deploy: its source and what s.yaml says beside the defaults. */
type TestFunction = { code: string; props?: Record<string, unknown>; triggers?: unknown[] };
export type Functions = Record<string, TestFunction>;

export const httpTrigger = (authType: string, methods = ['GET', 'POST']) => ({
  triggerName: 'http',
  triggerType: 'http',
  triggerConfig: { authType, methods },
});

export const ossTrigger = (
  bucket: string,
  { events = ['oss:ObjectCreated:PutObject'], prefix = '', suffix = '' } = {},
) => ({
  triggerName: `of-${bucket}`,
  triggerType: 'oss',
  sourceArn: `acs:oss:${region}:${accountId}:${bucket}`,
  triggerConfig: { events, filter: { key: { prefix, suffix } } },
});

export const timerTrigger = (triggerConfig: Record<string, unknown>) => ({
  triggerName: 'timer',
  triggerType: 'timer',
  triggerConfig,
});

export const queueArn = (queue: string) => `acs:mns:${region}:${accountId}:/queues/${queue}/messages`;

export const record = (bucket: string, key: string, eventName = 'ObjectCreated:PutObject') => ({
  eventName,
  oss: { bucket: { name: bucket }, object: { key } },
});

/** Writes the functions' code and their s.yaml into `folder`; the path of s.yaml. */
export async function writeApp(folder: string, functions: Functions): Promise<string> {
  const resources: Record<string, unknown> = {};
  for (const [name, { code, props, triggers = [] }] of Object.entries(functions)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'index.js'), code);
    const fixed = {
      region,
      functionName: name,
      runtime: 'nodejs20',
      handler: 'index.handler',
      code: `./${name}`,
    };
    resources[name] = {
      component: 'fc3',
      props: { ...fixed, memorySize: 512, timeout: 10, ...props, triggers },
    };
  }
  const file = join(folder, 's.yaml');
  await writeFile(file, stringify({ edition: '3.0.0', name: 'test', resources }));
  return file;
}

/** Bundles fc/runtime.ts into `folder`; the path of the bundle. */
export async function buildRuntime(folder: string): Promise<string> {
  const outfile = join(folder, 'runtime.js');
  const entryPoints = [join(__dirname, '../../../../infra/local/fc/instances/runtime.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs' });
  return outfile;
}

export type RunningFc = Awaited<ReturnType<typeof runFc>>;

/** These functions deployed, with everything that was reported and the real client of the account's own key. */
export async function runFc(functions: Functions, options: Partial<FcOptions> = {}) {
  const data = options.data ?? (await newFolder());
  const now = options.now ?? Date.now;
  const accessKeys = await createAccessKeys({ data, accountId, now });
  const sYaml = await writeApp(join(data, 'app'), functions);
  const runtime = await buildRuntime(data);
  const reports: Report[] = [];
  const onReport = (report: Report) => void reports.push(report);
  const messages: { queue: string; body: string; principal?: string }[] = [];
  const sendMessage = async (message: (typeof messages)[number]) => void messages.push(message);
  const common = { data, sYaml, env: {}, runtime, accessKeys, accountId, region, now, onReport, sendMessage };
  const fc = await startFc({ ...common, retryDelayMs: 0, ...options });

  function clientOf({ accessKeyId: accessKeyID, accessKeySecret, securityToken }: Credentials): FcClient {
    const client = new FC(accountId, {
      accessKeyID,
      accessKeySecret,
      securityToken,
      region,
      endpoint: fc.endpoint,
    });
    client.version = '2023-03-30';
    return client;
  }

  const client = clientOf(accessKeys.root);
  const invoke = (name: string, event = '{}', headers: Record<string, string> = {}) =>
    client.request('POST', `/functions/${name}/invocations`, { qualifier: 'LATEST' }, event, headers);
  const urlOf = (name: string) => fc.functions.get(name)?.httpUrl ?? '';

  return { ...fc, data, accessKeys, reports, messages, clientOf, invoke, urlOf };
}
