import { join } from 'node:path';
import type { Ticking } from './clock';
import { type Controls, openControls } from './control/controls';
import { startControl } from './control/server';
import { lockData } from './data-lock';
import { fits } from './faults/match';
import { openActivity } from './fc/activity';
import { openKeptEvents } from './fc/kept-events';
import { type Fc, type Report, startFc } from './fc/server';
import type { OssEventRecord } from './fc/triggers';
import type { Hooks } from './hooks';
import { type Kms, startKms } from './kms/server';
import { type Mns, startMns } from './mns/server';
import { type Oss, startOss } from './oss/server';
import { type Attachments, openAttachments } from './ram/attachments';
import { type AccessKeys, type Credentials, openAccessKeys } from './ram/credentials';
import { homeOf, type Seed, seededBuckets, seededKeys } from './seed';

export type Cloud = Controls & {
  accountId: string;
  region: string;
  root: Credentials;
  oss: Oss;
  kms: Pick<Kms, 'endpoint'>;
  /** The queues that functions' destinations are. */
  mns: Pick<Mns, 'endpoint' | 'createQueue' | 'peek'>;
  /** The control API (infra/local/README.md), where one was asked for. */
  control?: { endpoint: string };
  /**
   * `s deploy` of this cloud: reads s.yaml with these variables, starts functions and triggers. Events raised
   * before are kept and delivered afterwards. May be called again: the functions are replaced.
   */
  deploy(sYaml: string, env: Record<string, string>): Promise<Fc>;
  /**
   * What ROS makes of the template with these parameters: from now on roles may do what it attaches to them. May be
   * called again, after a change of the file too. The first deploy does it with the defaults where nobody did.
   */
  attach(parameters: Record<string, string>): Promise<void>;
  /** Resolves when no event is pending and no function runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type CloudOptions = {
  /** Everything the cloud keeps. One cloud at a time uses it. */
  data: string;
  /** path of the bundled fc/runtime.ts */
  runtime: string;
  /** 16 digits; the seed's, or 1234567890123456. */
  accountId?: string;
  /** The seed's, or cn-hangzhou. */
  region?: string;
  /** Real time; what the cloud's clock is moved by comes on top. */
  now?: () => number;
  ports?: {
    oss?: number;
    kms?: number;
    mns?: number;
    control?: number;
    fc?: number;
    http?: Record<string, number>;
  };
  /** Whether to start the control API. */
  control?: boolean;
  seed?: Seed;
  /** Whether events raised while nothing is deployed wait for a deployment; default true. */
  keepEvents?: boolean;
  /**
   * Path of a ROS template. With it every role, of a function or a trigger, may do what the template attaches to it and
   * nothing else; without it everything. The account itself may do everything that no bucket policy denies.
   */
  template?: string;
  /** Whether `acs:SecureTransport` is true on loopback, where there is no TLS; default true. */
  loopbackIsSecure?: boolean;
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
  const { data, ports = {}, seed = {} } = options;
  const { accountId = homeOf(seed).accountId, region = homeOf(seed).region } = options;
  const ticking: Ticking[] = [];
  const { close: closeControls, ...controls } = openControls({
    real: options.now ?? Date.now,
    services: () => ticking,
    hooks: options.hooks ?? {},
    deliver: (event) => functions.onEvent(event),
    kill: (functionName) => functions.kill(functionName),
  });
  closers.unshift(closeControls);
  const { clock, faults, journal, hooks } = controls;
  const { now } = clock;
  const accessKeys = await openAccessKeys({ data, accountId, now, seeded: seededKeys(seed, accountId) });
  const { attach, attachOnce, ...guard } = openAttachments({ ...options, accountId, region });
  const { loopbackIsSecure = true } = options;
  const common = {
    ...{ accessKeys, accountId, region, now, clientTime: clock.seenFrom, hooks, loopbackIsSecure },
    ...guard,
  };

  const kms = await named(
    'KMS',
    startKms({ ...common, data, ...(ports.kms && { port: ports.kms }), ...(seed.kms && { seed: seed.kms }) }),
  );
  closers.unshift(kms.close);
  const mns = await named('MNS', startMns({ ...common, data, ...(ports.mns && { port: ports.mns }) }));
  closers.unshift(mns.close);
  const functions = openFunctions({ ...options, ...common, attachOnce, sendMessage: mns.send });
  const ossOptions = { ...common, data: join(data, 'oss'), onEvent: faults.onEvent, ...bucketsOf(seed) };
  const oss = await named('OSS', startOss({ ...ossOptions, ...(ports.oss && { port: ports.oss }) }));
  closers.unshift(functions.close, oss.close);
  ticking.push(oss, kms, functions);
  const control = options.control && (await named('the control API', startControl(controls, ports.control)));
  if (control) closers.unshift(control.close);
  // First of all: what waits for a delay must not keep the services from closing.
  closers.unshift(closeControls);

  const { root } = accessKeys;
  const { deploy, idle } = functions;
  const bindDomain: Oss['bindDomain'] = (bucket, port) =>
    named(`the domain of ${bucket}`, oss.bindDomain(bucket, port));
  const close = () => closeAll(closers);
  return {
    ...{ accountId, region, root, oss: { ...oss, bindDomain }, kms, mns, clock, faults, journal },
    ...(control && { control: { endpoint: control.url } }),
    ...{ deploy, attach, idle, close },
  };
}

type FunctionsOptions = CloudOptions &
  Pick<Attachments, 'authorize' | 'attachOnce'> & {
    accessKeys: AccessKeys;
    accountId: string;
    region: string;
    now: () => number;
    sendMessage: Mns['send'];
  };

function openFunctions({ ports = {}, keepEvents = true, attachOnce, ...options }: FunctionsOptions) {
  const kept = openKeptEvents(join(options.data, 'fc', 'kept'));
  const deliveries = openActivity();
  const fcPorts = { ...(ports.fc && { api: ports.fc }), ...(ports.http && { http: ports.http }) };
  let fc: Fc | undefined;

  async function onEvent(event: OssEventRecord): Promise<void> {
    if (fc) await deliveries.during(fc.deliver(event));
    else if (keepEvents) await kept.keep(event);
  }

  async function deploy(sYaml: string, env: Record<string, string>): Promise<Fc> {
    await close();
    await attachOnce();
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

  return {
    ...{ onEvent, deploy, close },
    idle: async () => fc?.idle(),
    tick: async () => fc?.tick(),
    kill: async (functionName: string) => fc?.kill(functionName),
  };
}

function bucketsOf(seed: Seed) {
  const { blockPublicAccess = true } = seed;
  const rules = (seed.buckets ?? []).filter(({ allowV1 }) => allowV1);
  return {
    blockPublicAccess,
    buckets: seededBuckets(seed),
    allowV1: (bucket: string) => rules.some(({ name }) => fits(name, bucket)),
  };
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
