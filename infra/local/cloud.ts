import { join } from 'node:path';
import { readStack } from '../declared/stack';
import type { CloudOptions } from './cloud-options';
import { type Closers, createClosers } from './control/closers';
import { type Controls, createControls } from './control/controls';
import { startControl } from './control/server';
import { prepareData } from './data/folder';
import { lockData } from './data/lock';
import type { Faults } from './faults/faults';
import { fits } from './faults/match';
import { createDeployments } from './fc/deployments';
import { type Environment, type Fc, startFc } from './fc/server';
import type { Ticking } from './gateway/clock';
import type { Hooks } from './gateway/hooks';
import { type Kms, startKms } from './kms/server';
import { type Mns, startMns } from './mns/server';
import { type Oss, startOss } from './oss/server';
import { type Credentials, createAccessKeys } from './ram/credentials';
import { createAttachments } from './ros/attachments';
import { createStack } from './ros/stack';
import { homeOf, type Seed, seededBuckets, seededKeys } from './seed';
import { type Sts, startSts } from './sts/server';

export type Cloud = Controls & {
  accountId: string;
  region: string;
  root: Credentials;
  oss: Oss;
  kms: Pick<Kms, 'endpoint'>;
  /** The queues that functions' destinations are. */
  mns: Pick<Mns, 'endpoint' | 'createQueue' | 'peek'>;
  sts: Pick<Sts, 'endpoint'>;
  /** The control API (infra/local/README.md), where one was asked for. */
  control?: { endpoint: string };
  /**
   * `s deploy` of this cloud: reads s.yaml with these variables, makes its stack where that was not done yet, starts
   * functions and triggers. Events raised before are kept and delivered afterwards. May be called again: the functions
   * are replaced.
   */
  deploy(sYaml: string, env: Environment): Promise<Fc>;
  /**
   * What ROS makes of the template with these parameters: key, alias, buckets, queue, and from now on roles may do what
   * it attaches to them. May be called again, after a change of the file too. The first deploy does it with the
   * parameters of s.yaml where nobody did. Resolves with the template's outputs.
   */
  attach(parameters: Record<string, string>): Promise<Record<string, string>>;
  /** Resolves when no event is pending and no function runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type { CloudOptions } from './cloud-options';

/**
 * Starts the local cloud: OSS, KMS, MNS, STS and, at the first deploy, FC. Rejects with an Error that names the process which
 * holds the data folder, or `Cannot start <service>: port <p> is in use`.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const closers = createClosers();
  closers.add(await lockData(options.data));
  try {
    await prepareData(options.data);
    return await open(options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function open(options: CloudOptions, closers: Closers): Promise<Cloud> {
  const { ports = {}, seed = {} } = options;
  const ticking: Ticking[] = [];
  const { close: closeControls, ...controls } = createControls({
    real: options.now ?? Date.now,
    services: () => ticking,
    hooks: options.hooks ?? {},
    deliver: (event) => functions.onEvent(event),
    kill: (functionName) => functions.kill(functionName),
  });
  closers.add(closeControls);
  const { attach, common } = await createCommon(options, controls, () => ({ oss, kms, mns }));

  const kms = await startKmsOf(common, { port: ports.kms, seed });
  closers.add(kms.close);
  const mns = await named('MNS', startMns({ ...common, ...(ports.mns && { port: ports.mns }) }));
  closers.add(mns.close);
  const sts = await named('STS', startSts({ ...common, ...(ports.sts && { port: ports.sts }) }));
  const functions = createDeployments({
    ...options,
    start: starter(options, { ...common, sendMessage: mns.send }),
  });
  const oss = await startOssOf(common, { port: ports.oss, seed, onEvent: controls.faults.onEvent });
  closers.add(functions.close, oss.close, sts.close);
  ticking.push(oss, kms, functions);
  const control = options.control && (await named('the control API', startControl(controls, ports.control)));
  if (control) closers.add(control.close);
  // First of all: what waits for a delay must not keep the services from closing.
  closers.add(closeControls);

  const { accountId, region, accessKeys } = common;
  const { clock, faults, journal } = controls;
  const { deploy, idle } = functions;
  return {
    accountId,
    region,
    root: accessKeys.root,
    oss,
    kms,
    mns,
    sts,
    clock,
    faults,
    journal,
    ...(control && { control: { endpoint: control.url } }),
    deploy,
    attach,
    idle,
    close: closers.closeAll,
  };
}

type Common = Awaited<ReturnType<typeof createCommon>>['common'];

/** What every service is told, and a way to change what roles may do. */
async function createCommon(
  options: CloudOptions,
  { clock, hooks }: Pick<Controls, 'clock'> & { hooks: Hooks },
  services: () => Pick<Cloud, 'oss' | 'kms' | 'mns'>,
) {
  const { data, template, seed = {}, loopbackIsSecure = true } = options;
  const { accountId = homeOf(seed).accountId, region = homeOf(seed).region } = options;
  const { now, seenFrom: clientTime } = clock;
  const accessKeys = await createAccessKeys({ data, accountId, now, seeded: seededKeys(seed, accountId) });
  const home = { accountId, region };
  const callerAt = (endpoint: string) => ({ endpoint, credentials: accessKeys.root, now, region });
  const made = template !== undefined && {
    stack: await createStack({
      data,
      template,
      ...home,
      services: () => {
        const { oss, kms, mns } = services();
        return { oss: callerAt(`http://127.0.0.1:${oss.port}`), kms: callerAt(kms.endpoint), mns };
      },
    }),
  };
  const { attach, attachOnce, ...guard } = createAttachments({ ...options, ...home, ...made });
  const common = {
    data,
    accessKeys,
    accountId,
    region,
    now,
    clientTime,
    hooks,
    loopbackIsSecure,
    attachOnce,
  };
  return { attach, common: { ...common, ...guard } };
}

type Wanted = { port: number | undefined; seed: Seed };

function startKmsOf(common: Common, { port, seed }: Wanted): Promise<Kms> {
  return named('KMS', startKms({ ...common, ...(port && { port }), ...(seed.kms && { seed: seed.kms }) }));
}

async function startOssOf(
  common: Common,
  { port, seed, onEvent }: Wanted & { onEvent: Faults['onEvent'] },
): Promise<Oss> {
  const options = { ...common, data: join(common.data, 'oss'), onEvent, ...bucketsOf(seed) };
  const oss = await named('OSS', startOss({ ...options, ...(port && { port }) }));
  const bindDomain: Oss['bindDomain'] = (bucket, at) =>
    named(`the domain of ${bucket}`, oss.bindDomain(bucket, at));
  return { ...oss, bindDomain };
}

function starter(options: CloudOptions, common: Common & { sendMessage: Mns['send'] }) {
  const { fc, http } = options.ports ?? {};
  let api = fc;
  return async (sYaml: string, env: Environment): Promise<Fc> => {
    const infos = await stackInfos(sYaml, env, common);
    const ports = { ...(api && { api }), ...(http && { http }) };
    const started = await named('FC', startFc({ ...options, ...common, sYaml, env, ports, infos }));
    // The endpoint of a service outlives what is deployed to it.
    api = Number(new URL(started.endpoint).port);
    return started;
  };
}

/** The stack that s.yaml declares, made where that was not done yet: its outputs by its name there. */
async function stackInfos(sYaml: string, env: Environment, { accountId, attachOnce }: Common) {
  const variables = typeof env === 'function' ? env('') : env;
  const declared = await readStack(sYaml, { env: variables, accountId });
  const outputs = await attachOnce(declared?.parameters ?? {});
  return declared ? { [declared.resource]: outputs } : {};
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
    const why = { EADDRINUSE: 'is in use', EACCES: 'is not for this user: choose one above 1023' }[
      error.code ?? ''
    ];
    if (!why) throw error;
    throw new Error(`Cannot start ${service}: port ${error.port} ${why}`, { cause: error });
  });
}
