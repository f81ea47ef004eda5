import { join } from 'node:path';
import { lockData } from './data-lock';
import { openActivity } from './fc/activity';
import { openKeptEvents } from './fc/kept-events';
import { type Fc, type Report, startFc } from './fc/server';
import type { OssEventRecord } from './fc/triggers';
import type { Hooks } from './hooks';
import { type Kms, startKms } from './kms/server';
import { type Oss, startOss } from './oss/server';
import { type AccessKeys, type Credentials, openAccessKeys } from './ram/credentials';

export type Cloud = {
  accountId: string;
  region: string;
  root: Credentials;
  oss: Oss;
  kms: Pick<Kms, 'endpoint'>;
  /**
   * `s deploy` of this cloud: reads s.yaml with these variables, starts functions and triggers. Events raised
   * before are kept and delivered afterwards. May be called again: the functions are replaced.
   */
  deploy(sYaml: string, env: Record<string, string>): Promise<Fc>;
  /** Resolves when no event is pending and no function runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type CloudOptions = {
  /** Everything the cloud keeps. One cloud at a time uses it. */
  data: string;
  /** path of the bundled fc/runtime.ts */
  runtime: string;
  /** 16 digits */
  accountId?: string;
  region?: string;
  now?: () => number;
  ports?: { oss?: number; kms?: number; fc?: number; http?: Record<string, number> };
  hooks?: Hooks;
  onReport?: (report: Report) => void;
  retryDelayMs?: number;
  instanceLimit?: number;
};

/**
 * Starts the local cloud: OSS, KMS and, at the first deploy, FC. Rejects with an Error that names the process which
 * holds the data folder, or `Cannot start <service>: port <p> is in use`.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const unlock = await lockData(options.data);
  const closers: Closer[] = [unlock];
  try {
    return await open(options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

type Closer = () => Promise<void>;

async function open(options: CloudOptions, closers: Closer[]): Promise<Cloud> {
  const { data, ports = {}, hooks } = options;
  const { accountId = '1234567890123456', region = 'cn-hangzhou', now = Date.now } = options;
  const accessKeys = await openAccessKeys({ data, accountId, now });
  const common = { accessKeys, accountId, region, now, ...(hooks && { hooks }) };

  const kms = await named('KMS', startKms({ ...common, data, ...(ports.kms && { port: ports.kms }) }));
  closers.unshift(kms.close);
  const functions = openFunctions({ ...options, accessKeys, accountId, region, now });
  const ossOptions = { ...common, data: join(data, 'oss'), onEvent: functions.onEvent };
  const oss = await named('OSS', startOss({ ...ossOptions, ...(ports.oss && { port: ports.oss }) }));
  closers.unshift(functions.close, oss.close);

  const { root } = accessKeys;
  const { deploy, idle } = functions;
  const bindDomain: Oss['bindDomain'] = (bucket, port) =>
    named(`the domain of ${bucket}`, oss.bindDomain(bucket, port));
  const close = () => closeAll(closers);
  return { accountId, region, root, oss: { ...oss, bindDomain }, kms, deploy, idle, close };
}

type FunctionsOptions = CloudOptions & {
  accessKeys: AccessKeys;
  accountId: string;
  region: string;
  now: () => number;
};

function openFunctions({ ports = {}, ...options }: FunctionsOptions) {
  const kept = openKeptEvents(join(options.data, 'fc', 'kept'));
  const deliveries = openActivity();
  const fcPorts = { ...(ports.fc && { api: ports.fc }), ...(ports.http && { http: ports.http }) };
  let fc: Fc | undefined;

  function onEvent(event: OssEventRecord): Promise<void> {
    return fc ? deliveries.during(fc.deliver(event)) : kept.keep(event);
  }

  async function deploy(sYaml: string, env: Record<string, string>): Promise<Fc> {
    await close();
    const started = await named('FC', startFc({ ...options, sYaml, env, ports: fcPorts }));
    fc = started;
    await kept.handOver(started.deliver);
    return started;
  }

  async function close(): Promise<void> {
    const last = fc;
    fc = undefined;
    await deliveries.idle();
    await last?.close();
  }

  return { onEvent, deploy, close, idle: async () => fc?.idle() };
}

async function named<T>(service: string, starting: Promise<T>): Promise<T> {
  return starting.catch((error: NodeJS.ErrnoException & { port?: number }) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Cannot start ${service}: port ${error.port} is in use`, { cause: error });
  });
}

async function closeAll(closers: Closer[]): Promise<void> {
  for (const close of closers.splice(0)) await close();
}
