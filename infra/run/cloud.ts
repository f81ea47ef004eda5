import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { announce } from '../../cli/session/local-cloud';
import { interrupted } from '../../cli/terminal/interrupted';
import { runProgram } from '../../cli/terminal/program';
import { readFunctions } from '../declared/functions';
import { type Cloud, type CloudOptions, startCloud } from '../local/cloud';
import type { Environment, Fc } from '../local/fc/server';
import { homeOf, readSeed, type Seed } from '../local/seed';
import { firstPort, parseArguments, refuseEmpty } from './arguments';
import { localCloudOf } from './running';

const USAGE = `Usage: npm run cloud -- [--port N] [--data DIR] [--seed FILE] [--allow-v1] [--s-yaml FILE [--template FILE [--parameter NAME=VALUE]...]]`;
const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string', default: '.data' },
  seed: { type: 'string' },
  'allow-v1': { type: 'boolean', default: false },
  's-yaml': { type: 'string' },
  template: { type: 'string' },
  parameter: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** The local cloud without the product, for anyone's client: stays up until Ctrl-C. */
async function main(): Promise<number> {
  const stopped = interrupted();
  const { values } = parseArguments(() => refuseEmpty(parseArgs({ options: OPTIONS })), USAGE);
  const { 's-yaml': sYaml, template } = values;
  const parameters = parametersFrom(values.parameter);
  const seed = withV1(values.seed === undefined ? {} : await readSeed(values.seed), values['allow-v1']);
  const triggers = sYaml === undefined ? undefined : await httpTriggers(sYaml, seed);
  const cloud = await startCloud({
    data: resolve(values.data),
    runtime: resolve(__dirname, 'runtime.js'),
    seed,
    control: true,
    keepEvents: triggers !== undefined,
    ...(values.port !== undefined && { ports: portsFrom(values.port, triggers) }),
    ...(template !== undefined && { template: resolve(template) }),
  });
  // The parameters of s.yaml, where there are no others.
  const isAsked = sYaml === undefined || values.parameter.length > 0;
  if (template !== undefined && isAsked) await cloud.attach(parameters);
  return Promise.race([stopped, serve(cloud, sYaml, resolve(values.data))]).finally(cloud.close);
}

/** `NAME=VALUE` each: what the template is deployed with. */
function parametersFrom(texts: string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`Cannot read parameter ${text}: give NAME=VALUE`);
      return [name, value];
    }),
  );
}

async function serve(cloud: Cloud, sYaml: string | undefined, data: string): Promise<never> {
  const fc = sYaml === undefined ? undefined : await cloud.deploy(resolve(sYaml), environmentOf(cloud));
  await announce(data, localCloudOf(cloud, fc));
  showCloud(cloud, fc);
  return new Promise<never>(() => {});
}

function environmentOf({ oss, kms, mns }: Cloud): Environment {
  return (ENVELOPE_FC_ENDPOINT) => ({
    ENVELOPE_OSS_ENDPOINT: oss.endpoint,
    ENVELOPE_KMS_ENDPOINT: kms.endpoint,
    ENVELOPE_MNS_ENDPOINT: mns.endpoint,
    ENVELOPE_FC_ENDPOINT,
    ...env(),
  });
}

function showCloud(
  { oss, kms, mns, sts, control, region, accountId, root }: Cloud,
  fc: Fc | undefined,
): void {
  const lines = [
    ['OSS', `${oss.endpoint} (path style; virtual hosts: <bucket>.localhost:${oss.port})`],
    ['KMS', kms.endpoint],
    ['MNS', `${mns.endpoint} (queues: the destinations of functions)`],
    ['STS', sts.endpoint],
    ['control', `${control?.endpoint} (journal, faults, clock: infra/local/README.md)`],
    ...(fc ? [['FC', `${fc.endpoint} (InvokeFunction)`]] : []),
    ...[...(fc?.functions.values() ?? [])].map(({ name, httpUrl }) => [
      'function',
      `${name} ${httpUrl ?? ''}`,
    ]),
    ['region', region],
    ['account', accountId],
    ['keys', `AccessKeyId ${root.accessKeyId}  AccessKeySecret ${root.accessKeySecret}`],
  ];
  for (const [name = '', value = ''] of lines) console.log(`${name.padEnd(10)} ${value.trimEnd()}`);
  console.log('\nCtrl-C stops everything; the data stays.');
}

function withV1(seed: Seed, allowV1: boolean): Seed {
  return allowV1 ? { ...seed, buckets: [...(seed.buckets ?? []), { name: '*', allowV1 }] } : seed;
}

/** The functions with a URL of their own. What s.yaml lacks is said before anything is started. */
async function httpTriggers(sYaml: string, seed: Seed): Promise<string[]> {
  const endpoints = { ENVELOPE_OSS_ENDPOINT: 'later', ENVELOPE_KMS_ENDPOINT: 'later' };
  const specs = await readFunctions(resolve(sYaml), { ...homeOf(seed), env: { ...endpoints, ...env() } });
  return specs.filter(({ httpTrigger }) => httpTrigger).map(({ name }) => name);
}

/** Side by side: OSS, KMS, the control API, MNS; then FC's API and a URL for each function that has one; then STS. */
function portsFrom(text: string, triggers: string[] | undefined): NonNullable<CloudOptions['ports']> {
  const port = firstPort(text, triggers ? 6 + triggers.length : 5) ?? 0;
  const ports = { oss: port, kms: port + 1, control: port + 2, mns: port + 3 };
  if (!triggers) return { ...ports, sts: port + 4 };
  const http = Object.fromEntries(triggers.map((name, index) => [name, port + 5 + index]));
  return { ...ports, fc: port + 4, http, sts: port + 5 + triggers.length };
}

/** An empty variable is none. */
function env(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

runProgram(main);
